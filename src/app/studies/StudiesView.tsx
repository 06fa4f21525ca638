import { StudyList } from "./StudyList";
import { StudyPage } from "./StudyPage";
import { study } from "./studyRun";

export function StudiesView() {
  const opened = study.value;
  return opened ? <StudyPage key={opened.name} study={opened} /> : <StudyList />;
}
