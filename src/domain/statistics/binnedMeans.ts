import { mean } from "simple-statistics";
import type { Interval } from "./interval";
import { meanInterval } from "./meanInterval";

export interface Bin {
  /** Range of x: lower edge included, upper edge only in the last bin. */
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** Mean of y. */
  readonly mean: number;
  /** 95 % interval of the mean by Student's t; null for a single point. */
  readonly interval: Interval | null;
}

/** Mean of y in bins of equal width over x in [0, 1]; empty bins are left out. */
export function binnedMeans(x: readonly number[], y: readonly number[], count = 10): Bin[] {
  const bins = Array.from({ length: count }, (): number[] => []);
  x.forEach((value, index) => {
    bins[Math.min(count - 1, Math.floor(value * count))]?.push(y[index] as number);
  });
  return bins.flatMap((values, index) => {
    if (values.length === 0) return [];
    return [
      {
        from: index / count,
        to: (index + 1) / count,
        n: values.length,
        mean: mean(values),
        interval: meanInterval(values),
      },
    ];
  });
}
