/** Correlations of paired samples. Each is null where it is undefined: too few pairs, or no spread. */

import { sampleCorrelation, sampleRankCorrelation } from "simple-statistics";
import { type Interval, Z_95 } from "./interval";
import { hasSpread } from "./spread";

type Sample = readonly number[];

export function pearson(x: Sample, y: Sample): number | null {
  return hasSpread(x) && hasSpread(y) ? defined(sampleCorrelation([...x], [...y])) : null;
}

/** Fisher's 95 % interval of a correlation over n pairs, n > 3. */
export function fisherInterval(r: number, n: number): Interval | null {
  if (n <= 3) return null;
  const centre = Math.atanh(r);
  const half = Z_95 / Math.sqrt(n - 3);
  return { low: Math.tanh(centre - half), high: Math.tanh(centre + half) };
}

/** Spearman's rank correlation; ties share their mean rank. */
export function spearman(x: Sample, y: Sample): number | null {
  return hasSpread(x) && hasSpread(y) ? defined(sampleRankCorrelation([...x], [...y])) : null;
}

/** Correlation of x and y with what is linear in z taken out of both; null of fewer than four, which lie on a line then. */
export function partialCorrelation(x: Sample, y: Sample, z: Sample): number | null {
  const xy = pearson(x, y);
  const xz = pearson(x, z);
  const yz = pearson(y, z);
  if (x.length < 4 || xy === null || xz === null || yz === null) return null;
  return defined((xy - xz * yz) / Math.sqrt((1 - xz * xz) * (1 - yz * yz)));
}

function defined(r: number): number | null {
  return Number.isFinite(r) ? Math.min(1, Math.max(-1, r)) : null;
}
