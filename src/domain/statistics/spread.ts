/** Whether a sample holds two different values. Its variance does not tell: rounding leaves it above 0. */
export function hasSpread(values: readonly number[]): boolean {
  return values.some((value) => value !== values[0]);
}
