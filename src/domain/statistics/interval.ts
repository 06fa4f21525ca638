/** An interval of confidence; the level is 95 % wherever none is given. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 0.975 quantile of the standard normal distribution. */
export const Z_95 = 1.959963984540054;
