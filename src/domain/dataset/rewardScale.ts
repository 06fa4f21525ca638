/** From a judge's raw scores to the rewards that a dataset writes. */

import { deviation, extent, mean } from "d3";
import {
  minMaxNormaliser,
  NO_NORMALISER,
  type Normaliser,
  quantileNormaliser,
  standardNormaliser,
} from "../normaliser";
import type { Reference } from "../reference";
import { AXES, type Axis, type RewardVector } from "../reward";
import type { RawScore } from "./labelTable";

/**
 * quantile: share of the judge's reference completions that score lower, as the dials ask. min-max: from 0 at the
 * lowest score in training to 1 at the highest. standard: standard deviations from the mean in training. none: as the
 * judge gives them.
 */
export const NORMALISERS = ["quantile", "min-max", "standard", "none"] as const;
export type NormaliserName = (typeof NORMALISERS)[number];

export type RewardScale = (raw: RawScore) => RewardVector;

/** @param training scores of the part of the dataset that a policy is trained on; no other part may tell. */
export function rewardScale(
  name: NormaliserName,
  reference: Reference,
  training: readonly RawScore[],
): RewardScale {
  const [helpful, harmless] = AXES.map((axis) => normaliserOf(name, reference, training, axis));
  return (raw) => ({
    helpful: (helpful as Normaliser).toReward(raw.helpful),
    harmless: (harmless as Normaliser).toReward(raw.harmless),
  });
}

function normaliserOf(
  name: NormaliserName,
  reference: Reference,
  training: readonly RawScore[],
  axis: Axis,
): Normaliser {
  const score = (raw: RawScore) => raw[axis];
  switch (name) {
    case "quantile":
      return quantileNormaliser(reference[axis]);
    case "min-max": {
      const [low = 0, high = 0] = extent(training, score);
      return minMaxNormaliser(low, high);
    }
    case "standard":
      return standardNormaliser(mean(training, score) ?? 0, deviation(training, score) ?? 0);
    case "none":
      return NO_NORMALISER;
  }
}
