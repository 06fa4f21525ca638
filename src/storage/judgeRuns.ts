/** The runs of the reward-model study that this browser keeps, with the files that they score. */

import type { Axis } from "../domain/reward";
import type { RunHeader } from "../domain/run";
import type { JudgedPair } from "../experiments/studies/judgePairs";
import { type RunHead, runStore } from "./runStore";

/** A file of pairs that people chose on one axis. */
export interface PairFile {
  readonly name: string;
  readonly content: Blob;
}

export type PairFiles = Readonly<Partial<Record<Axis, PairFile>>>;

export interface StoredJudgeRun extends RunHead {
  /** Names of the files, as they are shown. */
  readonly source: string;
  /** Pairs in them. */
  readonly n: number;
  readonly header: RunHeader;
}

/** The list that they are in. */
export const JUDGE_RUNS = "reward-model";

export const judgeRuns = runStore<StoredJudgeRun, PairFiles, JudgedPair>(
  () => JUDGE_RUNS,
  ({ axis, line }) => [axis, line],
);
