export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly n: number;
}

/**
 * Counts in bins of equal width over [low, high], low < high; a bin holds its lower edge, the last one both. Values
 * outside are in no bin.
 */
export function histogram(
  values: readonly number[],
  [low, high]: readonly [number, number],
  count = 20,
): HistogramBin[] {
  const width = (high - low) / count;
  const counts = Array.from({ length: count }, () => 0);
  for (const value of values) {
    if (value < low || value > high) continue;
    const place = Math.min(count - 1, Math.floor(((value - low) / (high - low)) * count));
    counts[place] = (counts[place] as number) + 1;
  }
  return counts.map((n, index) => ({ from: low + index * width, to: low + (index + 1) * width, n }));
}
