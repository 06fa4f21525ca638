/** The figures of the published study, to stand beside ours. */

import { format } from "d3";
import { RECIPES, rungName } from "./conditions";
import type { Measure } from "./measures";

const thousands = format(",");

/** Where they are from. */
export const PUBLISHED_SOURCE = "published study (prompt_reward_rl)";

export interface PublishedFigure {
  readonly label: string;
  readonly value: number;
  /** 95 % interval, where the study gives one. */
  readonly ci: readonly [number, number] | null;
  /** Our figure for the same question; null where no condition of ours is the same. */
  readonly condition: string | null;
  readonly measure: Measure;
  /** Its place on the study's axis, where it has one. */
  readonly at: number | null;
}

const figure = (
  label: string,
  value: number,
  condition: string | null,
  measure: Measure,
  ci: PublishedFigure["ci"] = null,
  at: number | null = null,
): PublishedFigure => ({ label, value, ci, condition, measure, at });

/** Mean rewards of one way of asking. */
const means = (condition: string, helpful: number, harmless: number, joint: number): PublishedFigure[] => [
  figure(`${condition}, helpful`, helpful, condition, "helpful mean"),
  figure(`${condition}, harmless`, harmless, condition, "harmless mean"),
  figure(`${condition}, mean of both`, joint, condition, "joint mean"),
];

/** r of both axes after training on so many examples. */
const size = (examples: number, helpful: number, harmless: number): PublishedFigure[] => {
  const condition = rungName(examples, "example", RECIPES.plain);
  const name = thousands(examples);
  return [
    figure(`${name} examples, helpful r`, helpful, condition, "helpful r", null, examples),
    figure(`${name} examples, harmless r`, harmless, condition, "harmless r", null, examples),
  ];
};

/** By the study's name. */
export const PUBLISHED: Readonly<Record<string, readonly PublishedFigure[]>> = {
  match: [
    figure("helpful r", 0.76, "uniform", "helpful r", [0.72, 0.8]),
    figure("helpful slope", 0.41, "uniform", "helpful slope"),
    figure("harmless r", 0.43, "uniform", "harmless r", [0.35, 0.5]),
    figure("harmless slope", 0.25, "uniform", "harmless slope"),
    figure("r of both actuals", -0.81, "uniform", "actual correlation"),
    figure("helpful alone, r", 0.89, "helpful only", "helpful r", [0.87, 0.9]),
    figure("helpful alone, slope", 0.6, "helpful only", "helpful slope"),
    figure("helpful alone, above 0.8 less just below", -0.09, "helpful only", "helpful top"),
    figure("one reward for both, r", 0.56, "joint", "joint r", [0.5, 0.62]),
    figure("one reward for both, slope", 0.24, "joint", "joint slope"),
  ],
  "both-max": [
    ...means("vanilla", 0.45, 0.49, 0.47),
    ...means("cloning of chosen", 0.52, 0.44, 0.48),
    ...means("helpful only at 0.8", 0.64, 0.33, 0.49),
    ...means("at 0.8, 0.2", 0.64, 0.31, 0.48),
    ...means("at 0.8, 0.8", 0.57, 0.46, 0.52),
  ],
  "sample-size": [
    ...size(2_000, 0, 0),
    ...size(20_000, 0, 0),
    ...size(50_000, 0.1, 0.12),
    ...size(100_000, 0.6, 0.4),
    ...size(150_000, 0.74, 0.45),
  ],
  epochs: [0.1, 0.52, 0.67].map((r, index) => {
    const name = rungName(index + 1, "epoch", null);
    return figure(`${name} on 50,000 examples, helpful r`, r, name, "helpful r", null, index + 1);
  }),
};
