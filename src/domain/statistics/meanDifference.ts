import { mean, sampleVariance } from "simple-statistics";
import type { Interval } from "./interval";
import { criticalT } from "./studentT";

/**
 * Mean of `a` less mean of `b`, and its 95 % interval by Student's t for two samples of one variance; the interval is
 * null where one has fewer than two values, the difference where one has none.
 */
export function meanDifference(
  a: readonly number[],
  b: readonly number[],
): { readonly value: number; readonly interval: Interval | null } | null {
  if (a.length === 0 || b.length === 0) return null;
  const value = mean([...a]) - mean([...b]);
  if (a.length < 2 || b.length < 2) return { value, interval: null };
  const degrees = a.length + b.length - 2;
  const squares = (values: readonly number[]) => (values.length - 1) * sampleVariance([...values]);
  const error = Math.sqrt(((squares(a) + squares(b)) / degrees) * (1 / a.length + 1 / b.length));
  const half = criticalT(0.95, degrees) * error;
  return { value, interval: { low: value - half, high: value + half } };
}
