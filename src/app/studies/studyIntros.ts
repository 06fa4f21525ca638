import { STUDIES } from "../../experiments/studies/definitions";
import { NORMALISERS_STUDY, REWARD_MODEL, type StudyIntro } from "../../experiments/studies/judgeStudies";

/** Every study that has a page. */
export const STUDY_INTROS: readonly StudyIntro[] = [...STUDIES, REWARD_MODEL, NORMALISERS_STUDY];
