import { mean, sampleCovariance, sampleVariance, sum } from "simple-statistics";
import type { Interval } from "./interval";
import { hasSpread } from "./spread";
import { criticalT } from "./studentT";

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** 95 % interval of the slope by Student's t; null below three pairs. */
  readonly slopeInterval: Interval | null;
}

/** Ordinary least squares of y on x; null where x has no spread. */
export function leastSquares(x: readonly number[], y: readonly number[]): Line | null {
  if (!hasSpread(x)) return null;
  const variance = sampleVariance([...x]);
  const slope = sampleCovariance([...x], [...y]) / variance;
  const intercept = mean([...y]) - slope * mean([...x]);
  const degrees = x.length - 2;
  if (degrees < 1) return { slope, intercept, slopeInterval: null };
  const squares = sum(x.map((value, index) => ((y[index] as number) - intercept - slope * value) ** 2));
  const half = criticalT(0.95, degrees) * Math.sqrt(squares / degrees / (variance * (x.length - 1)));
  return { slope, intercept, slopeInterval: { low: slope - half, high: slope + half } };
}
