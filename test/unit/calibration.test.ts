import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promptedTarget } from "../../src/domain/calibration";
import { AXES } from "../../src/domain/reward";

const reward = fc.double({ min: 0, max: 1, noNaN: true });
const table = fc.array(fc.array(reward, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });

describe("promptedTarget", () => {
  it("takes the table's value at its points and lies between them elsewhere", () => {
    const calibration = {
      helpful: [
        [0, 0.4],
        [0.6, 1],
      ],
      harmless: [
        [0.2, 0.8],
        [0.2, 0.8],
      ],
    };
    expect(promptedTarget({ helpful: 0, harmless: 1 }, calibration)).toEqual({ helpful: 0.4, harmless: 0.8 });
    expect(promptedTarget({ helpful: 1, harmless: 0 }, calibration)).toEqual({ helpful: 0.6, harmless: 0.2 });
    const middle = promptedTarget({ helpful: 0.5, harmless: 0.5 }, calibration);
    expect(middle.helpful).toBeCloseTo(0.5, 12);
    expect(middle.harmless).toBeCloseTo(0.5, 12);
  });

  it("leaves a target of one axis, the null reward, and any target without a calibration as they are", () => {
    const calibration = { helpful: [[0]], harmless: [[0]] };
    expect(promptedTarget({ helpful: 0.3 }, calibration)).toEqual({ helpful: 0.3 });
    expect(promptedTarget(null, calibration)).toBeNull();
    const target = { helpful: 0.3, harmless: 0.7 };
    expect(promptedTarget(target, null)).toBe(target);
  });

  it("asks for rewards within the table's values", () => {
    fc.assert(
      fc.property(table, table, reward, reward, (first, second, helpful, harmless) => {
        const tables = { helpful: first, harmless: second };
        const prompted = promptedTarget({ helpful, harmless }, tables);
        for (const axis of AXES) {
          const values = tables[axis].flat();
          expect(prompted[axis]).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
          expect(prompted[axis]).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        }
      }),
    );
  });
});
