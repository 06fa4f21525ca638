import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expOfNegative } from "../../src/domain/exponential";

describe("the exponential of what is not positive", () => {
  test("is that of the engine but for its last bits", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 0, noNaN: true }), (x) => {
        expect(Math.abs(expOfNegative(x) / Math.exp(x) - 1)).toBeLessThan(1e-12);
      }),
      { numRuns: 5000 },
    );
  });

  test("at its ends", () => {
    expect(expOfNegative(0)).toBe(1);
    expect(expOfNegative(-0)).toBe(1);
    for (const x of [-745, -1000, -1e300, -Infinity]) expect(expOfNegative(x)).toBe(0);
    expect(expOfNegative(-744)).toBeCloseTo(Math.exp(-744), 320);
    expect(expOfNegative(Number.NaN)).toBeNaN();
  });

  test("never rises where x falls by more than its error", () => {
    for (let x = 0; x > -740; x -= 0.01)
      expect(expOfNegative(x - 0.01)).toBeLessThanOrEqual(expOfNegative(x));
  });
});
