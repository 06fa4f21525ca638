/** Histograms of a dataset's rewards. */

import { bin, extent } from "d3";
import { AXES, type Axis, type RewardVector } from "../reward";

export interface RewardBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
}

export type RewardBins = Readonly<Record<Axis, readonly RewardBin[]>>;

const BINS = 20;

/** Bins of equal width: over [0, 1] where all rewards lie in it, else between round numbers. */
export function rewardBins(rewards: readonly RewardVector[]): RewardBins {
  const [helpful = [], harmless = []] = AXES.map((axis) => binsOf(rewards.map((reward) => reward[axis])));
  return { helpful, harmless };
}

function binsOf(values: readonly number[]): RewardBin[] {
  const [low = 0, high = 1] = extent(values);
  const unit = low >= 0 && high <= 1;
  const place = bin().thresholds(BINS);
  const bins = unit
    ? place.domain([0, 1]).thresholds(Array.from({ length: BINS - 1 }, (_, k) => (k + 1) / BINS))(values)
    : place(values);
  return bins.map(({ x0 = 0, x1 = 0, length }) => ({ from: x0, to: x1, n: length }));
}
