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
 * predicted| (Guo, Pleiss, Sun and Weinberger, 2017). NaN for no bins.
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const total = sizeOf(bins);
  return bins.reduce(
    (sum, { n, predicted, observed }) => sum + (n / total) * Math.abs(observed - predicted),
    total > 0 ? 0 : Number.NaN,
  );
}

/**
 * What the expected calibration error comes to where every probability is right, in [0, 1]: outcomes scatter, so it is not 0, and
 * the fewer they are the larger. The sum over bins of the mean of |observed - predicted|, by the normal approximation to the
 * binomial distribution; as if all of a bin had its mean probability, so for narrow bins (compare the consistency resampling of
 * Bröcker and Smith, 2007, doi:10.1175/WAF993.1). NaN for no bins.
 */
export function errorIfCalibrated(bins: readonly CalibrationBin[]): number {
  const summed = bins.reduce(
    (sum, { n, predicted }) => sum + Math.sqrt((2 / Math.PI) * n * predicted * (1 - predicted)),
    0,
  );
  return summed / sizeOf(bins);
}

function sizeOf(bins: readonly CalibrationBin[]): number {
  return bins.reduce((sum, { n }) => sum + n, 0);
}
