import { matchRuns } from "../../storage/runs";
import { savedList } from "../runs/savedList";

/** The matches that this browser keeps. */
export const saved = savedList(matchRuns);
