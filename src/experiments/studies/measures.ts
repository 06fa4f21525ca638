/** Figures of a condition by name, so that tables and plots can ask for any of them. */

import type { Axis } from "../../domain/reward";
import type { ConditionSummary, Estimate, Outcome } from "./summariseStudy";

export type Measure = `${Outcome} ${"r" | "slope" | "mean"}` | `${Axis} top` | "actual correlation";

/** null where the rows do not determine it. */
export function measured(condition: ConditionSummary, measure: Measure): Estimate | null {
  if (measure === "actual correlation") return estimateOf(condition.match.actual_correlation, null);
  const [outcome, figure] = measure.split(" ") as [Outcome, "r" | "slope" | "mean" | "top"];
  if (figure === "top") return condition.top[outcome as Axis];
  if (figure === "mean") return condition.means[outcome];
  if (outcome === "joint") return condition.joint[figure];
  const axis = condition.match[outcome];
  return figure === "r" ? estimateOf(axis.r, axis.ci) : estimateOf(axis.slope, axis.slope_ci);
}

function estimateOf(value: number | null, ci: Estimate["ci"]): Estimate | null {
  return value === null ? null : { value, ci };
}
