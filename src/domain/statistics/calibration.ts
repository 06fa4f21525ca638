/** How far predicted probabilities are from what happened. */

export interface CalibrationBin {
  readonly n: number;
  /** Mean predicted probability and share of positive outcomes in the bin. */
  readonly predicted: number;
  readonly observed: number;
}

/**
 * The bins of equal width over [0, 1] that hold anything, in order; a bin holds its lower edge, the
 * last one both.
 */
export function calibrationBins(
  probabilities: readonly number[],
  outcomes: readonly boolean[],
  count = 10,
): CalibrationBin[] {
  const sums = Array.from({ length: count }, () => ({ n: 0, predicted: 0, observed: 0 }));
  probabilities.forEach((probability, index) => {
    const bin = sums[Math.min(count - 1, Math.floor(probability * count))] as (typeof sums)[number];
    bin.n++;
    bin.predicted += probability;
    bin.observed += outcomes[index] ? 1 : 0;
  });
  return sums
    .filter(({ n }) => n > 0)
    .map(({ n, predicted, observed }) => ({ n, predicted: predicted / n, observed: observed / n }));
}

/**
 * Expected calibration error, in [0, 1]: the mean over bins, weighted by their size, of |observed -
 * predicted| (Guo, Pleiss, Sun and Weinberger, 2017). NaN for no predictions.
 */
export function expectedCalibrationError(
  probabilities: readonly number[],
  outcomes: readonly boolean[],
  count = 10,
): number {
  return calibrationBins(probabilities, outcomes, count).reduce(
    (sum, { n, predicted, observed }) => sum + (n / probabilities.length) * Math.abs(observed - predicted),
    probabilities.length > 0 ? 0 : Number.NaN,
  );
}
