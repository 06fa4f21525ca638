import { NORMALISERS_STUDY, REWARD_MODEL } from "../../experiments/studies/judgeStudies";
import { studies as settings } from "../settings";
import { NormalisersPage } from "./NormalisersPage";
import { RewardModelPage } from "./RewardModelPage";
import { StudyList } from "./StudyList";
import { StudyPage } from "./StudyPage";
import { study } from "./studyRun";

export function StudiesView() {
  const opened = study.value;
  if (opened) return <StudyPage key={opened.name} study={opened} />;
  if (settings.name.value === REWARD_MODEL.name) return <RewardModelPage />;
  if (settings.name.value === NORMALISERS_STUDY.name) return <NormalisersPage />;
  return <StudyList />;
}
