/** Which rewards the rows of a match ask for. */

import { AXES, type Axis, type Target } from "../domain/reward";
import type { TargetSamplerName } from "../domain/targets";
import type { Policy } from "../runtimes/policy";
import type { Condition } from "./studies/study";

/** Drawn by a sampler, or the user's own, row by row. */
export type MatchTargets = TargetSamplerName | readonly Target[];

/** As they are shown, before the word "targets". */
export function targetsName(targets: MatchTargets): string {
  return typeof targets === "string" ? targets : `${targets.length} own`;
}

/** What `targetsOf` takes for a match; a policy that knows one reward is asked for that alone. */
export function matchCondition(
  targets: MatchTargets,
  { axes = AXES }: Pick<Policy, "axes">,
  shuffled = false,
): Pick<Condition, "targets" | "axes" | "shuffled"> {
  const rule =
    typeof targets === "string"
      ? ({ kind: "sampler", sampler: targets } as const)
      : ({ kind: "list", targets } as const);
  return { targets: rule, axes: askedAxes(axes), shuffled };
}

/** A policy that knows no rewards is compared with targets all the same: its match is a control. */
function askedAxes(axes: readonly Axis[]): readonly Axis[] {
  return axes.length === 0 ? AXES : axes;
}
