import { binnedMeans } from "./binnedMeans";
import { spearman } from "./correlation";

/** With two bins it could only be 1 or -1. */
const FEWEST = 3;

/**
 * Spearman's rank correlation of bins of equal width over x in [0, 1] with the mean of y in each; empty bins are left out.
 * null below three bins, and where all means are the same.
 */
export function binnedSpearman(x: readonly number[], y: readonly number[], count = 10): number | null {
  const bins = binnedMeans(x, y, count);
  if (bins.length < FEWEST) return null;
  return spearman(
    bins.map(({ from }) => from),
    bins.map(({ mean }) => mean),
  );
}
