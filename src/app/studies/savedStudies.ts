import { studyRuns } from "../../storage/studyRuns";
import { savedList } from "../runs/savedList";

/** The runs of the open study that this browser keeps. */
export const saved = savedList(studyRuns);
