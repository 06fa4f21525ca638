import { expect, test } from "vitest";
import { cdp } from "vitest/browser";
import { question } from "../../src/domain/dialogue";
import { promptsOf } from "../../src/experiments/runPrompts";
import type { AskedPair } from "../../src/experiments/studies/judgePairs";
import {
  pairAt,
  pickPrompts,
  readTargets,
  surveyPairs,
  surveyPrompts,
  walkPairs,
} from "../../src/runtimes/local/workerReader";

const COUNT = 100_000;
const asked = (index: number): string => `Question ${index}? ${"Say it in one sentence. ".repeat(4)}`;
const lines = (count: number, line: (index: number) => unknown): Blob =>
  new Blob(Array.from({ length: count }, (_, index) => `${JSON.stringify(line(index))}\n`));
/** Milliseconds that a page may be busy before a user feels it. */
const LONG_TASK = 50;

/** Seconds of the processor that the page's thread has had. */
async function threadTime(): Promise<number> {
  const { metrics } = await cdp().send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ThreadTime")?.value ?? Number.NaN;
}

test("100,000 prompts are read beside the page, which does next to nothing for it", async () => {
  const file = lines(COUNT, (index) => ({ prompt: asked(index) }));
  await surveyPrompts(new Blob(["The worker starts.\n"]));
  await cdp().send("Performance.enable");
  const before = await threadTime();
  const survey = await surveyPrompts(file);
  const picked = await pickPrompts(file, survey, 7, 500);
  expect(1000 * ((await threadTime()) - before)).toBeLessThan(LONG_TASK);
  expect(survey).toMatchObject({ count: COUNT, bad: 0 });
  const all = Array.from({ length: COUNT }, (_, index) => question(asked(index)));
  expect(picked).toEqual(await promptsOf(all, 7, 500));
});

test("100,000 targets are read beside the page; a run's are kept, and all that is wrong is counted", async () => {
  const file = new Blob(Array.from({ length: COUNT }, (_, index) => (index === 7 ? "1.2,0\n" : "0.2,0.9\n")));
  await surveyPrompts(new Blob(["The worker starts.\n"]));
  await cdp().send("Performance.enable");
  const before = await threadTime();
  const list = await readTargets(file, 500);
  expect(1000 * ((await threadTime()) - before)).toBeLessThan(LONG_TASK);
  expect(list).toMatchObject({ bad: 1, firstBad: [{ line: 8 }] });
  expect(list.targets).toHaveLength(500);
});

test("pairs come a list at a time, and each is found again at its line", async () => {
  const pair = (index: number) => ({ prompt: "Eggs?", chosen: `Boil ${index}.`, rejected: "No." });
  const content = lines(200, (index) => (index === 3 ? { prompt: "Eggs?" } : pair(index)));
  const file = { axis: "helpful", content } as const;
  expect(await surveyPairs(file)).toMatchObject({ count: 199, bad: 1, firstBad: [{ line: 4 }] });
  const found: AskedPair[] = [];
  for await (const one of walkPairs([file])) found.push(one);
  expect(found.map(({ line }) => line)).toEqual(
    Array.from({ length: 200 }, (_, index) => index + 1).filter((line) => line !== 4),
  );
  expect((await pairAt(file, 100))?.chosen).toBe("Boil 99.");
  expect(await pairAt(file, 4)).toBeNull();
});
