/** Scores pairs that people chose between: the rows of the reward-model study. */

import type { PairLine } from "../../domain/dataLines";
import { DialError } from "../../domain/errors";
import type { Axis, RewardVector } from "../../domain/reward";
import type { RewardModel, Score } from "../../runtimes/rewardModel";
import { batches } from "../batches";

/** A pair, its line in the file, and the axis that people chose on. */
export interface AskedPair {
  readonly axis: Axis;
  readonly line: number;
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

/** The scores alone: the text stays in the file, at its line. */
export interface JudgedPair {
  readonly axis: Axis;
  readonly line: number;
  readonly chosen: JudgedReply;
  readonly rejected: JudgedReply;
}

export interface JudgeOptions {
  readonly second?: RewardModel | undefined;
  /** Pairs of an earlier part of the same run; they are not scored again. */
  readonly done?: readonly JudgedPair[];
  readonly signal?: AbortSignal;
}

/** Pairs scored in one call of the judge. */
const BATCH = 16;

/** Yields the pairs in their order, a batch at a time. @throws DialError "aborted" on stop, and what reader and judges throw. */
export async function* judgePairs(
  pairs: AsyncIterable<AskedPair>,
  judge: RewardModel,
  { second, done = [], signal }: JudgeOptions = {},
): AsyncGenerator<JudgedPair[], void> {
  const finished = new Set(done.map(placeOf));
  for await (const batch of batches(without(pairs, finished, signal), BATCH)) {
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
    yield batch.map(({ axis, line }, index) => ({
      axis,
      line,
      chosen: reply(2 * index),
      rejected: reply(2 * index + 1),
    }));
  }
}

/** What tells the pairs of a run apart. */
export function placeOf({ axis, line }: Pick<AskedPair, "axis" | "line">): string {
  return `${axis} ${line}`;
}

async function* without(
  pairs: AsyncIterable<AskedPair>,
  finished: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<AskedPair, void> {
  for await (const pair of pairs) {
    if (signal?.aborted) throw new DialError("aborted", "scoring was stopped", true);
    if (!finished.has(placeOf(pair))) yield pair;
  }
}
