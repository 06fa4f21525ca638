/** Scores pairs that people chose between: the rows of the reward-model study. */

import type { PairLine } from "../../domain/dataLines";
import { DialError } from "../../domain/errors";
import type { Axis, RewardVector } from "../../domain/reward";
import type { RewardModel, Score } from "../../runtimes/rewardModel";
import { batches } from "../batches";

/** A pair, and the axis that people chose on. */
export interface AskedPair {
  readonly axis: Axis;
  readonly pair: PairLine;
}

export interface JudgedReply {
  readonly raw: Score["raw"];
  readonly percentile: RewardVector;
  /** Characters. */
  readonly length: number;
  /** Raw scores of a second judge, where there is one. */
  readonly second?: Score["raw"];
}

export interface JudgedPair {
  readonly axis: Axis;
  readonly chosen: JudgedReply;
  readonly rejected: JudgedReply;
}

/** Pairs scored in one call of the judge. */
const BATCH = 16;

/** Yields the pairs in their order, a batch at a time. @throws DialError "aborted" on stop, and what reader and judges throw. */
export async function* judgePairs(
  pairs: AsyncIterable<AskedPair> | Iterable<AskedPair>,
  judge: RewardModel,
  second?: RewardModel,
  signal?: AbortSignal,
): AsyncGenerator<JudgedPair[], void> {
  for await (const batch of batches(pairs, BATCH)) {
    if (signal?.aborted) throw new DialError("aborted", "scoring was stopped", true);
    const examples = batch.flatMap(({ pair: { prompt, chosen, rejected } }) => [
      { prompt, completion: chosen },
      { prompt, completion: rejected },
    ]);
    const options = signal ? { signal } : {};
    const scores = await judge.score(examples, options);
    const seconds = await second?.score(examples, options);
    const reply = (index: number): JudgedReply => {
      const { raw, percentile } = scores[index] as Score;
      const other = seconds?.[index];
      const length = (examples[index]?.completion ?? "").trim().length;
      return { raw, percentile, length, ...(other && { second: other.raw }) };
    };
    yield batch.map(({ axis }, index) => ({
      axis,
      chosen: reply(2 * index),
      rejected: reply(2 * index + 1),
    }));
  }
}
