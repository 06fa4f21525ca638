import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Target } from "../../src/domain/reward";
import { readTargets, takeTargets } from "../../src/domain/targetLines";
import { inChunks } from "../support/text";

const read = (text: string) => readTargets(inChunks(text));

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
    ["id,helpful,harmless\na,0.1,0.9", [{ helpful: 0.1, harmless: 0.9 }]],
    ['"0.5",\n\n,0.5,', [{ helpful: 0.5 }, { harmless: 0.5 }]],
  ])("%j", async (text, targets) => {
    expect(await read(text)).toEqual({ targets, bad: 0, firstBad: [] });
  });

  test.each([
    ["0.1,0.9\n1.4,0", 2, "invalid target: 1.4; expected a number in [0, 1]"],
    ["0.1", 1, "1 value; expected two numbers in [0, 1], helpful and harmless"],
    ["0,5;0,5", 1, 'invalid target: "0,5"; write it with a point in place of the comma'],
    ["helpful;harmless\n0,1;", 2, 'invalid target: "0,1"; write it with a point in place of the comma'],
    ["0,5,0,5", 1, "4 values; expected two numbers in [0, 1], helpful and harmless"],
    ["id,helpful,harmless\na,0.1,0.9\n0.1,0.9", 3, "2 values; expected 3, as the head has"],
    ["high,low", 1, 'invalid target: "high"; expected a number in [0, 1]'],
  ])("%j has a line that is no target", async (text, line, problem) => {
    const list = await read(text);
    expect(list.firstBad).toEqual([{ line, problem }]);
    expect(() => takeTargets(list, false)).toThrow(`line ${line}: ${problem}`);
  });

  test("lines that are no targets are left out only where the user says so", async () => {
    const list = await read("helpful,harmless\n0.1,0.9\n1.4,0\n0.2,0.8\n");
    expect(takeTargets(list, true)).toEqual([
      { helpful: 0.1, harmless: 0.9 },
      { helpful: 0.2, harmless: 0.8 },
    ]);
  });

  test("a file of none is refused", async () => {
    const list = await read("helpful,harmless\n");
    expect(() => takeTargets(list, true)).toThrow(
      "no targets; expected a line with two numbers in [0, 1] for each",
    );
  });

  test("keeps no more than a run takes, and counts all that is wrong", async () => {
    const { targets, bad, firstBad } = await readTargets(
      inChunks("0.5,0.5\n".repeat(900) + "2,2\n".repeat(20)),
      500,
    );
    expect([targets.length, bad, firstBad.length, firstBad[0]?.line]).toEqual([500, 20, 5, 901]);
  });

  test("reads back what was written", async () => {
    const value = fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100);
    const targets = fc.array(fc.record({ helpful: value, harmless: value }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(targets, async (wanted) => {
        const text = wanted.map(({ helpful, harmless }) => `${helpful},${harmless}`).join("\n");
        expect((await read(text)).targets).toEqual(wanted);
      }),
    );
  });
});
