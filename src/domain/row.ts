/** A run is a header and rows: one row a completion, in JSON Lines on disk and in IndexedDB. */

import type { RewardVector, Target } from "./reward";

export interface Row {
  /** Position in the run, from 0; in a study, in its condition. */
  readonly row: number;
  /** In a study: name of the condition that the row was made under. */
  readonly condition?: string;
  readonly seed: number;
  /** Transcript of the prompt dialogue. */
  readonly prompt: string;
  readonly target: Target;
  /** The exact text given to the policy. */
  readonly prompted: string;
  readonly completion: string;
  readonly tokens: number;
  /** Sum of natural log-probabilities of the sampled tokens; null where the policy does not tell. */
  readonly logprob: number | null;
  /** Percentiles by the judge. */
  readonly actual: RewardVector;
  /** Percentiles by the held-out judge, where one was loaded. */
  readonly heldout?: RewardVector;
}

/** The order of rows in a file: by condition, then by position. */
export function compareRows(a: Row, b: Row): number {
  const [first, second] = [a.condition ?? "", b.condition ?? ""];
  if (first !== second) return first < second ? -1 : 1;
  return a.row - b.row;
}
