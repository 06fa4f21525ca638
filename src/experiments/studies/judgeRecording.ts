import type { RunHeader } from "../../domain/run";
import type { JudgeSummary } from "./summariseJudge";

/** The recorded run of the reward-model study: figures alone, as its pairs may not be shipped. */
export interface JudgeRecording {
  readonly header: RunHeader;
  readonly summary: JudgeSummary;
}
