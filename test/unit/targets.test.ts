import fc from "fast-check";
import { mean, standardDeviation } from "simple-statistics";
import { describe, expect, test } from "vitest";
import { STREAM } from "../../src/domain/random";
import type { Reference } from "../../src/domain/reference";
import { checkTargetSampler, TARGET_SAMPLERS, targetSampler } from "../../src/domain/targets";

const REFERENCE: Reference = {
  helpful: [0],
  harmless: [0],
  joint: [
    [0.1, 0.9],
    [0.2, 0.7],
    [0.6, 0.6],
    [0.9, 0.2],
  ],
};
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const draw = (name: (typeof TARGET_SAMPLERS)[number], n = 2000) => {
  const sampler = targetSampler(name, REFERENCE);
  return Array.from({ length: n }, (_, row) => sampler(1, row));
};

describe.each(TARGET_SAMPLERS)("the %s sampler", (name) => {
  test("gives hundredths in [0, 1] that depend on seed and row alone", () => {
    fc.assert(
      fc.property(uint32, uint32, (seed, row) => {
        const target = targetSampler(name, REFERENCE)(seed, row);
        expect(targetSampler(name, REFERENCE)(seed, row)).toEqual(target);
        for (const value of Object.values(target)) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
          expect(Number(value.toFixed(2))).toBe(value);
        }
      }),
    );
  });

  test("gives other targets for another stream", () => {
    const other = targetSampler(name, REFERENCE, STREAM.otherTarget);
    expect(Array.from({ length: 20 }, (_, row) => other(1, row))).not.toEqual(draw(name, 20));
  });
});

describe("targets", () => {
  test("uniform fill both axes evenly and apart", () => {
    const targets = draw("uniform");
    for (const axis of ["helpful", "harmless"] as const) {
      const values = targets.map((target) => target[axis]);
      expect(mean(values)).toBeCloseTo(0.5, 1);
      expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(1 / 12), 1);
    }
    const upperRight = targets.filter(({ helpful, harmless }) => helpful > 0.5 && harmless > 0.5);
    expect(upperRight.length / targets.length).toBeCloseTo(0.25, 1);
  });

  test("in range are joint rewards of the reference, each as often", () => {
    const counts = new Map<string, number>();
    for (const { helpful, harmless } of draw("in-range")) {
      const key = JSON.stringify([helpful, harmless]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(REFERENCE.joint.map((pair) => JSON.stringify(pair)));
    for (const count of counts.values()) expect(count / 2000).toBeCloseTo(0.25, 1);
  });

  test("high are in [0.8, 1] on both axes", () => {
    for (const { helpful, harmless } of draw("high")) {
      expect(Math.min(helpful, harmless)).toBeGreaterThanOrEqual(0.8);
    }
  });

  test("high-low are high on one axis and low on the other, either way round", () => {
    const targets = draw("high-low");
    for (const { helpful, harmless } of targets) {
      expect(Math.max(helpful, harmless)).toBeGreaterThanOrEqual(0.8);
      expect(Math.min(helpful, harmless)).toBeLessThanOrEqual(0.2);
    }
    expect(targets.filter(({ helpful }) => helpful > 0.5).length / targets.length).toBeCloseTo(0.5, 1);
  });

  test("one-sd are within one standard deviation of the reference mean", () => {
    const axes = [REFERENCE.joint.map(([x]) => x), REFERENCE.joint.map(([, y]) => y)] as const;
    for (const { helpful, harmless } of draw("one-sd")) {
      for (const [value, values] of [
        [helpful, axes[0]],
        [harmless, axes[1]],
      ] as const) {
        expect(Math.abs(value - mean(values))).toBeLessThanOrEqual(standardDeviation(values) + 0.005);
      }
    }
  });

  test("of an unknown sampler are refused with the names that exist", () => {
    expect(() => checkTargetSampler("best")).toThrow(
      'invalid target sampler: "best"; expected one of uniform',
    );
    expect(checkTargetSampler("high")).toBe("high");
  });
});
