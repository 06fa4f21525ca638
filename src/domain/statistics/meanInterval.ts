import { mean, sampleStandardDeviation } from "simple-statistics";
import type { Interval } from "./interval";
import { criticalT } from "./studentT";

/** 95 % interval of the mean by Student's t; null below two values. */
export function meanInterval(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const centre = mean([...values]);
  const half = (criticalT(0.95, n - 1) * sampleStandardDeviation([...values])) / Math.sqrt(n);
  return { low: centre - half, high: centre + half };
}
