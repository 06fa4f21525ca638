/** How often a judge agrees with people about which of two completions is better. */

import type { PairLine } from "../domain/dataLines";
import { DialError } from "../domain/errors";
import type { Axis } from "../domain/reward";
import {
  calibrationBins,
  errorIfCalibrated,
  expectedCalibrationError,
} from "../domain/statistics/calibration";
import { wilsonInterval } from "../domain/statistics/wilson";
import type { RewardModel } from "../runtimes/rewardModel";
import { batches } from "./batches";
import { pairwiseOutcomes, win } from "./pairwise";

export interface AccuracyResult {
  readonly n: number;
  /** Share of pairs whose chosen completion scores higher; ties count half. */
  readonly accuracy: number;
  /** Wilson's 95 % interval of the accuracy. */
  readonly ci: readonly [number, number];
  /** The baseline: share of pairs whose chosen completion has more characters; ties count half. */
  readonly longer: number;
  /** Expected calibration error of sigmoid(raw difference) as the probability that the higher is better. */
  readonly ece: number;
  /** What that error comes to on so many pairs where the probabilities are right: below it, it says nothing. */
  readonly eceIfCalibrated: number;
}

export interface AccuracyProgress {
  readonly kind: "progress";
  /** Pairs scored so far. */
  readonly pairs: number;
}

export interface AccuracyOptions {
  readonly axis: Axis;
  readonly signal?: AbortSignal;
}

/** Pairs scored in one call of the judge. */
const BATCH = 16;

/** @throws DialError "invalid-option" where there is no pair, and what reader and judge throw. */
export async function* accuracy(
  pairs: AsyncIterable<PairLine> | Iterable<PairLine>,
  judge: RewardModel,
  { axis, signal }: AccuracyOptions,
): AsyncGenerator<AccuracyProgress, AccuracyResult> {
  const differences: number[] = [];
  let wins = 0;
  let longer = 0;
  for await (const batch of batches(pairs, BATCH)) {
    const examples = batch.flatMap(({ prompt, chosen, rejected }) => [
      { prompt, completion: chosen },
      { prompt, completion: rejected },
    ]);
    const raw = (await judge.score(examples, signal ? { signal } : {})).map((score) => score.raw[axis]);
    batch.forEach(({ chosen, rejected }, index) => {
      const difference = (raw[2 * index] as number) - (raw[2 * index + 1] as number);
      differences.push(difference);
      wins += win(difference);
      longer += win(chosen.trim().length - rejected.trim().length);
    });
    yield { kind: "progress", pairs: differences.length };
  }
  const n = differences.length;
  const interval = wilsonInterval(wins, n);
  if (interval === null) throw new DialError("invalid-option", "no pairs: accuracy needs at least one");
  const { probabilities, outcomes } = pairwiseOutcomes(differences);
  const bins = calibrationBins(probabilities, outcomes);
  return {
    n,
    accuracy: wins / n,
    ci: [interval.low, interval.high],
    longer: longer / n,
    ece: expectedCalibrationError(bins),
    eceIfCalibrated: errorIfCalibrated(bins),
  };
}
