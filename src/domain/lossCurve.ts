/** The loss of a fine-tuning job by step, from its events. */

import * as v from "valibot";

export interface LossPoint {
  readonly step: number;
  /** Mean natural-log loss a token. */
  readonly loss: number;
}

export interface LossCurve {
  readonly train: readonly LossPoint[];
  readonly validation: readonly LossPoint[];
}

/** What an event of type "metrics" carries; a figure that was not measured at a step is left out or null. */
const metrics = v.object({
  step: v.number(),
  train_loss: v.nullish(v.number()),
  valid_loss: v.nullish(v.number()),
});

/** Points ascending by step. Events that carry no figures are passed over. */
export function lossCurve(events: readonly { readonly data?: unknown }[]): LossCurve {
  const steps = events
    .flatMap(({ data }) => (v.is(metrics, data) ? [data] : []))
    .toSorted((a, b) => a.step - b.step);
  const curve = (key: "train_loss" | "valid_loss"): LossPoint[] =>
    steps.flatMap(({ step, [key]: loss }) => (loss == null ? [] : [{ step, loss }]));
  return { train: curve("train_loss"), validation: curve("valid_loss") };
}
