import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Target } from "../../src/domain/reward";
import { readTargets } from "../../src/domain/targetLines";

describe("targets as CSV", () => {
  test.each<[string, Target[]]>([
    [
      "0.1,0.9\n1,0\n",
      [
        { helpful: 0.1, harmless: 0.9 },
        { helpful: 1, harmless: 0 },
      ],
    ],
    ["helpful,harmless\r\n0.1,0.9\r\n", [{ helpful: 0.1, harmless: 0.9 }]],
    ["Harmless;Helpful\n0.9;0.1", [{ helpful: 0.1, harmless: 0.9 }]],
    ['"0.5",\n\n,0.5', [{ helpful: 0.5 }, { harmless: 0.5 }]],
  ])("%j", (text, targets) => {
    expect(readTargets(text)).toEqual(targets);
  });

  test.each([
    ["0.1,0.9\n1.4,0", "line 2: invalid target: 1.4; expected a number in [0, 1]"],
    ["0.1", "line 1: 1 value; expected two numbers in [0, 1], helpful and harmless"],
    ["high,low", 'line 1: invalid target: "high"; expected a number in [0, 1]'],
    ["helpful,harmless\n", "no targets; expected a line with two numbers in [0, 1] for each"],
  ])("%j is refused", (text, message) => {
    expect(() => readTargets(text)).toThrow(message);
  });

  test("reads back what was written", () => {
    const value = fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100);
    const targets = fc.array(fc.record({ helpful: value, harmless: value }), { minLength: 1 });
    fc.assert(
      fc.property(targets, (wanted) => {
        const text = wanted.map(({ helpful, harmless }) => `${helpful},${harmless}`).join("\n");
        expect(readTargets(text)).toEqual(wanted);
      }),
    );
  });
});
