import { scaleLinear } from "d3";
import type { Estimate } from "../../experiments/studies/summariseStudy";

/** A round range from `low` to `high` at least, and as far as the figures and their intervals reach. */
export function intervalRange(
  estimates: readonly (Estimate | null)[],
  low: number,
  high: number,
): [number, number] {
  const ends = estimates.flatMap((estimate) => (estimate ? [estimate.value, ...(estimate.ci ?? [])] : []));
  const range = [Math.min(low, ...ends), Math.max(high, ...ends)];
  return scaleLinear(range, [0, 1]).nice().domain() as [number, number];
}
