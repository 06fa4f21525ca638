/** A reward model (the judge) scores a completion of a dialogue on both axes. */

import type { Dialogue } from "../domain/dialogue";
import type { RewardVector } from "../domain/reward";

export interface Example {
  readonly prompt: Dialogue;
  readonly completion: string;
}

export interface Score {
  /** Share of the reference completions that score lower, ties counted half, in [0, 1]. */
  readonly percentile: RewardVector;
  /** The model's own output, unbounded. */
  readonly raw: Readonly<Record<"helpful" | "harmless", number>>;
}

export interface RewardModel {
  readonly name: string;
  /** Scores in the order of `examples`. A score does not depend on the examples beside it. */
  score(examples: readonly Example[], options?: { readonly signal?: AbortSignal }): Promise<Score[]>;
}
