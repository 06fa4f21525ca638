import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkReward, checkTarget, parseReward } from "../../src/domain/checkTarget";
import { percentile, quantile, quantileNormaliser } from "../../src/domain/normaliser";
import { checkReference } from "../../src/domain/reference";

describe("a reward", () => {
  test("is a number in [0, 1]", () => {
    for (const value of [0, 0.42, 1]) expect(checkReward(value)).toBe(value);
  });

  test.each([
    [1.4, "1.4"],
    [-0.1, "-0.1"],
    [Number.NaN, "NaN"],
    ["0.4", '"0.4"'],
    [null, "null"],
    [undefined, "undefined"],
  ])("is not %s", (value, shown) => {
    expect(() => checkReward(value)).toThrow(
      expect.objectContaining({
        code: "invalid-target",
        message: `invalid target: ${shown}; expected a number in [0, 1]`,
      }),
    );
  });

  test("is read from what somebody typed", () => {
    expect(["0", " .5 ", "1.0", "1e-1"].map(parseReward)).toEqual([0, 0.5, 1, 0.1]);
  });

  test.each(["", " ", "a lot", "0,5", "1.4", "Infinity"])("is not read from %j", (typed) => {
    expect(() => parseReward(typed)).toThrow("invalid target");
  });

  test("is checked on each axis that a target gives", () => {
    expect(checkTarget({ helpful: 0.2 })).toEqual({ helpful: 0.2 });
    expect(() => checkTarget({ helpful: 0.2, harmless: 2 })).toThrow("invalid target: 2");
  });
});

const scores = fc
  .array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 50 })
  .map((values) => values.sort((a, b) => a - b));

describe("the percentile of a raw score", () => {
  test("is the share of the reference below it, ties counted half", () => {
    const reference = [1, 2, 2, 4];
    expect([0, 1, 1.5, 2, 3, 4, 5].map((raw) => percentile(raw, reference))).toEqual([
      0, 0.125, 0.25, 0.5, 0.75, 0.875, 1,
    ]);
  });

  test("is in [0, 1] and does not fall as the score rises", () => {
    fc.assert(
      fc.property(scores, fc.double({ noNaN: true }), fc.double({ noNaN: true }), (reference, a, b) => {
        const [low, high] = [percentile(Math.min(a, b), reference), percentile(Math.max(a, b), reference)];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });
});

describe("the quantile normaliser", () => {
  test("inverts itself at every score of the reference", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
        const sorted = values.sort((a, b) => a - b);
        const { toReward, toRaw } = quantileNormaliser(sorted);
        for (const raw of sorted) expect(toRaw(toReward(raw))).toBeCloseTo(raw, 6);
      }),
    );
  });

  test("comes back within one place of the reference from any reward", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, reward) => {
          const sorted = values.sort((a, b) => a - b);
          const { toReward, toRaw } = quantileNormaliser(sorted);
          expect(Math.abs(toReward(toRaw(reward)) - reward)).toBeLessThanOrEqual(0.5 / sorted.length + 1e-9);
        },
      ),
    );
  });

  test("stays inside the reference", () => {
    expect(quantile(0, [1, 2, 4])).toBe(1);
    expect(quantile(0.5, [1, 2, 4])).toBe(2);
    expect(quantile(1, [1, 2, 4])).toBe(4);
    expect(quantile(0.3, [7])).toBe(7);
  });
});

describe("a reference", () => {
  const good = { helpful: [-1, 0, 0, 2], harmless: [3], joint: [[0.1, 0.9]], more: "ignored" };

  test("has sorted scores and joint percentiles", () => {
    expect(checkReference(good)).toEqual({ helpful: [-1, 0, 0, 2], harmless: [3], joint: [[0.1, 0.9]] });
  });

  test.each([
    [{ ...good, helpful: [2, 1] }, "helpful: not sorted"],
    [{ ...good, harmless: [] }, "harmless"],
    [{ ...good, joint: [[0.1, 1.9]] }, "joint.0.1"],
    [{ ...good, joint: [] }, "joint"],
    ["text", "damaged reference"],
  ])("that is damaged is named: %j", (value, message) => {
    expect(() => checkReference(value)).toThrow(message);
    expect(() => checkReference(value)).toThrow(expect.objectContaining({ code: "model-damaged" }));
  });
});
