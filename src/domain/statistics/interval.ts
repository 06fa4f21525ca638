/** An interval of confidence; the level is 95 % wherever none is given. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** As figures have it; null where there is none. */
export function bounds(interval: Interval | null | undefined): readonly [number, number] | null {
  return interval ? [interval.low, interval.high] : null;
}

/** The 0.975 quantile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;
