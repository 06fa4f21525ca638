import { describe, expect, test } from "vitest";
import type { PairLine } from "../../src/domain/dataLines";
import { question } from "../../src/domain/dialogue";
import { type AccuracyResult, accuracy } from "../../src/experiments/accuracy";
import type { RewardModel } from "../../src/runtimes/rewardModel";
import { fakeJudge } from "./fakes/models";

const pair = (chosen: string, rejected: string): PairLine => ({ prompt: question("Q?"), chosen, rejected });

async function result(pairs: PairLine[], judge: RewardModel = fakeJudge()): Promise<AccuracyResult> {
  const run = accuracy(pairs, judge, { axis: "helpful" });
  let next = await run.next();
  while (!next.done) next = await run.next();
  return next.value;
}

describe("accuracy", () => {
  test("is the share of pairs whose chosen completion scores higher, ties counted half", async () => {
    const found = await result([
      pair("2 0", "1 0"),
      pair("3 0", "1 0"),
      pair("1 0", "2 0"),
      pair("1 0", "1 9"),
    ]);
    expect(found.n).toBe(4);
    expect(found.accuracy).toBe(2.5 / 4);
    expect(found.ci[0]).toBeLessThan(2.5 / 4);
    expect(found.ci[1]).toBeGreaterThan(2.5 / 4);
  });

  test("stands beside the baseline that prefers the longer", async () => {
    expect((await result([pair("1 0   ", "1 0"), pair("11 0", "2 0"), pair("2 0", "11 0")])).longer).toBe(
      0.5,
    );
  });

  test("is calibrated where the odds of the raw difference are those of the outcome", async () => {
    const odds = Math.log(3); // p = 0.75
    const calibrated = [...Array(3).fill(pair(`${odds} 0`, "0 0")), pair("0 0", `${odds} 0`)];
    expect((await result(calibrated)).ece).toBeCloseTo(0, 12);
    expect((await result(calibrated.slice(0, 3))).ece).toBeCloseTo(0.25, 12);
  });

  test("does not depend on how pairs fall into batches", async () => {
    const pairs = Array.from({ length: 41 }, (_, k) => pair(`${k % 7} 0`, `${k % 5} 0`));
    const sizes: number[] = [];
    const judge = fakeJudge();
    const watched: RewardModel = {
      name: "watched",
      score: (examples, options) => {
        sizes.push(examples.length);
        return judge.score(examples, options);
      },
    };
    const direct = pairs
      .map((_, k) => Math.sign((k % 7) - (k % 5)) / 2 + 0.5)
      .reduce((sum, win) => sum + win);
    expect((await result(pairs, watched)).accuracy).toBeCloseTo(direct / 41, 12);
    expect(sizes).toEqual([32, 32, 18]);
  });

  test("of no pairs is refused", async () => {
    await expect(result([])).rejects.toThrow("no pairs");
  });
});
