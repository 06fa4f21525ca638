import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promptedTarget } from "../../src/domain/calibration";

const CALIBRATION = { helpful: [0, 0, 0.5, 1, 1], harmless: [0.1, 0.9] };
const reward = fc.double({ min: 0, max: 1, noNaN: true });

describe("promptedTarget", () => {
  it("takes the calibration's value at its points and the line between them", () => {
    const at = (helpful: number) => promptedTarget({ helpful }, CALIBRATION).helpful;
    expect([0, 0.25, 0.5, 0.75, 1].map(at)).toEqual([0, 0, 0.5, 1, 1]);
    expect(at(0.375)).toBeCloseTo(0.25, 12);
    expect(promptedTarget({ harmless: 0.5 }, CALIBRATION).harmless).toBeCloseTo(0.5, 12);
  });

  it("leaves the target as it is where there is no calibration, and the null reward always", () => {
    const target = { helpful: 0.3, harmless: 0.7 };
    expect(promptedTarget(target, null)).toBe(target);
    expect(promptedTarget(null, CALIBRATION)).toBeNull();
  });

  it("mentions the axes that the target mentions, each within [0, 1] and never falling", () => {
    fc.assert(
      fc.property(reward, reward, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const first = promptedTarget({ helpful: low }, CALIBRATION);
        const second = promptedTarget({ helpful: high }, CALIBRATION);
        expect(Object.keys(first)).toEqual(["helpful"]);
        expect(first.helpful).toBeGreaterThanOrEqual(0);
        expect(second.helpful).toBeLessThanOrEqual(1);
        expect(first.helpful as number).toBeLessThanOrEqual(second.helpful as number);
      }),
    );
  });
});
