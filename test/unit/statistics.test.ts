import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { quantile } from "../../src/domain/normaliser";
import { binnedMeans } from "../../src/domain/statistics/binnedMeans";
import { binnedSpearman } from "../../src/domain/statistics/binnedSpearman";
import {
  calibrationBins,
  errorIfCalibrated,
  expectedCalibrationError,
} from "../../src/domain/statistics/calibration";
import {
  fisherInterval,
  partialCorrelation,
  pearson,
  spearman,
} from "../../src/domain/statistics/correlation";
import { distinct2 } from "../../src/domain/statistics/distinct";
import type { Interval } from "../../src/domain/statistics/interval";
import { isotonic } from "../../src/domain/statistics/isotonic";
import { meanDifference } from "../../src/domain/statistics/meanDifference";
import { meanInterval } from "../../src/domain/statistics/meanInterval";
import { leastSquares } from "../../src/domain/statistics/regression";
import { criticalT } from "../../src/domain/statistics/studentT";
import { wilsonInterval } from "../../src/domain/statistics/wilson";

interface Mean {
  mean: number;
  interval: Interval;
}

interface Golden {
  correlations: {
    x: number[];
    y: number[];
    z: number[];
    pearson: number;
    fisher: Interval;
    spearman: number;
    partial: number;
    slope: number;
    intercept: number;
    slopeInterval: Interval;
  }[];
  isotonic: { y: number[]; fitted: number[] }[];
  calibration: { p: number[]; outcome: boolean[]; bins: number; ece: number; eceIfCalibrated: number }[];
  wilson: { successes: number; n: number; interval: Interval }[];
  binned: {
    x: number[];
    y: number[];
    bins: number;
    found: { n: number; mean: number; interval: Interval | null }[];
    spearman: number;
  }[];
  paired: { a: number[]; b: number[]; of: Mean; difference: Mean }[];
  twoSamples: { a: number[]; b: number[]; difference: Mean }[];
  quantiles: { values: number[]; at: number[]; quantiles: number[] }[];
  criticalT: { level: number; degrees: number; t: number }[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../golden/statistics.json", import.meta.url), "utf8"),
);

/** Equal to 1e-9, relative where the number is large. */
function expectEqual(actual: number | null | undefined, expected: number): void {
  expect(actual).toBeTypeOf("number");
  expect(Math.abs((actual as number) - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
}

function expectInterval(actual: Interval | null | undefined, expected: Interval): void {
  expectEqual(actual?.low, expected.low);
  expectEqual(actual?.high, expected.high);
}

describe("equal to SciPy's to 1e-9", () => {
  describe.each(golden.correlations)("over $x.length pairs", (sample) => {
    const { x, y, z } = sample;
    test("Pearson", () => expectEqual(pearson(x, y), sample.pearson));
    test("Fisher's interval", () => expectInterval(fisherInterval(sample.pearson, x.length), sample.fisher));
    test("Spearman", () => expectEqual(spearman(x, y), sample.spearman));
    test("partial correlation", () => expectEqual(partialCorrelation(x, y, z), sample.partial));
    test("least squares, with the slope's interval", () => {
      const line = leastSquares(x, y);
      expectEqual(line?.slope, sample.slope);
      expectEqual(line?.intercept, sample.intercept);
      expectInterval(line?.slopeInterval, sample.slopeInterval);
    });
  });

  test.each(golden.isotonic)("isotonic regression over $y.length points", ({ y, fitted }) => {
    const found = isotonic(y);
    expect(found).toHaveLength(fitted.length);
    fitted.forEach((value, index) => {
      expectEqual(found[index], value);
    });
  });

  test.each(golden.calibration)("calibration error in $bins bins", ({ p, outcome, bins, ece }) => {
    expectEqual(expectedCalibrationError(calibrationBins(p, outcome, bins)), ece);
  });

  test.each(golden.calibration.filter(({ bins }) => bins >= 10))(
    "calibration error of a calibrated judge in $bins bins",
    ({ p, outcome, bins, eceIfCalibrated }) => {
      // The golden number is a mean of drawn outcomes; ours is the normal approximation to it.
      const ratio = errorIfCalibrated(calibrationBins(p, outcome, bins)) / eceIfCalibrated;
      expect(ratio).toBeGreaterThan(0.93);
      expect(ratio).toBeLessThan(1.07);
    },
  );

  test.each(golden.wilson)("Wilson's interval of $successes in $n", ({ successes, n, interval }) => {
    expectInterval(wilsonInterval(successes, n), interval);
  });

  test.each(golden.binned)("means in $bins bins", ({ x, y, bins, found }) => {
    const ours = binnedMeans(x, y, bins);
    expect(ours.map(({ n }) => n)).toEqual(found.map(({ n }) => n));
    found.forEach(({ mean, interval }, index) => {
      expectEqual(ours[index]?.mean, mean);
      if (interval === null) expect(ours[index]?.interval).toBeNull();
      else expectInterval(ours[index]?.interval, interval);
    });
  });

  test.each(golden.binned)("Spearman of the means of $bins bins", ({ x, y, bins, spearman: expected }) => {
    expectEqual(binnedSpearman(x, y, bins), expected);
  });

  test.each(golden.twoSamples)(
    "difference of the means of $a.length and $b.length",
    ({ a, b, difference }) => {
      const found = meanDifference(a, b);
      expectEqual(found?.value, difference.mean);
      expectInterval(found?.interval, difference.interval);
    },
  );

  test.each(golden.paired)("means and paired differences of $a.length", ({ a, b, of, difference }) => {
    expectInterval(meanInterval(a), of.interval);
    const differences = a.map((value, index) => value - (b[index] as number));
    expectInterval(meanInterval(differences), difference.interval);
  });

  test.each(golden.quantiles)("quantiles of $values.length values", ({ values, at, quantiles }) => {
    at.forEach((share, index) => {
      expectEqual(quantile(share, values), quantiles[index] as number);
    });
  });

  test.each(golden.criticalT)("t for $level at $degrees degrees of freedom", ({ level, degrees, t }) => {
    expectEqual(criticalT(level, degrees), t);
  });
});

describe("what is not determined is null", () => {
  test("correlation of too few pairs or without spread", () => {
    expect(pearson([], [])).toBeNull();
    expect(pearson([1], [2])).toBeNull();
    expect(pearson([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(spearman([1, 2, 3], [4, 4, 4])).toBeNull();
    // The variance of 0.05 three times over is not 0 in float64.
    expect(pearson([0.05, 0.05, 0.05], [1, 2, 3])).toBeNull();
    expect(pearson([1, 2, 3], [0.05, 0.05, 0.05])).toBeNull();
    expect(partialCorrelation([1, 2, 3], [1, 3, 2], [1, 2, 3])).toBeNull();
    expect(partialCorrelation([1, 2, 3], [1, 3, 2], [2, 1, 3])).toBeNull();
    expect(fisherInterval(0.5, 3)).toBeNull();
  });

  test("a line through no spread, and its interval through two points", () => {
    expect(leastSquares([1, 1], [1, 2])).toBeNull();
    expect(leastSquares([0.05, 0.05, 0.05], [1, 2, 3])).toBeNull();
    expect(leastSquares([0, 1], [1, 3])).toEqual({ slope: 2, intercept: 1, slopeInterval: null });
  });

  test("a proportion of nothing, and diversity of no words", () => {
    expect(wilsonInterval(0, 0)).toBeNull();
    expect(expectedCalibrationError([])).toBeNaN();
    expect(errorIfCalibrated([])).toBeNaN();
    expect(distinct2(["one", ""])).toBeNull();
    expect(meanInterval([0.5])).toBeNull();
  });
});

describe("properties", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

  test("isotonic regression never falls and keeps the mean", () => {
    fc.assert(
      fc.property(values, (y) => {
        const fitted = isotonic(y);
        for (let index = 1; index < fitted.length; index++) {
          expect(fitted[index]).toBeGreaterThanOrEqual(fitted[index - 1] as number);
        }
        const difference = fitted.reduce((sum, value, index) => sum + value - (y[index] as number), 0);
        expect(Math.abs(difference)).toBeLessThan(1e-6 * y.length);
      }),
    );
  });

  test("a perfect correlation is 1 with an interval that is a point", () => {
    expect(pearson([1, 2, 3, 4], [10, 20, 30, 40])).toBe(1);
    expect(fisherInterval(1, 10)).toEqual({ low: 1, high: 1 });
  });

  test("bins hold their lower edge, the last one both", () => {
    expect(binnedMeans([0, 0.1, 1], [1, 2, 3], 10).map(({ from }) => from)).toEqual([0, 0.1, 0.9]);
    expect(calibrationBins([0.5, 1], [true, false], 2)).toEqual([{ n: 2, predicted: 0.75, observed: 0.5 }]);
  });

  test("distinct-2 counts pairs of neighbouring words", () => {
    expect(distinct2(["The cat sat.", "the CAT ran!"])).toBe(3 / 4);
    expect(distinct2(["a b", "b a"])).toBe(1);
  });
});
