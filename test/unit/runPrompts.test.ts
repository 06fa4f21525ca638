import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tryPrompts } from "../../src/domain/dataLines";
import { question } from "../../src/domain/dialogue";
import { pickPrompts, promptLines, promptsOf, surveyPrompts } from "../../src/experiments/runPrompts";
import { inChunks } from "../support/text";

const run = promisify(execFile);
const QUESTIONS = Array.from({ length: 40 }, (_, index) => question(`Question ${index}?`));

describe("the prompts of a run", () => {
  test("are a permutation by the seed; of fewer, the first of it", async () => {
    const all = await promptsOf(QUESTIONS, 3, 100);
    expect(new Set(all.prompts)).toEqual(new Set(QUESTIONS));
    expect(all.prompts).not.toEqual(QUESTIONS);
    expect((await promptsOf(QUESTIONS, 4, 100)).prompts).not.toEqual(all.prompts);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (most) => {
        expect(await promptsOf(QUESTIONS, 3, most)).toEqual({ ...all, prompts: all.prompts.slice(0, most) });
      }),
    );
  });

  test("do not depend on lines that are no prompts", async () => {
    const text = '{"prompt":"Question 0?"}\n{"prompt":" "}\nnone\n\n{"prompt":"Question 1?"}\n';
    const read = () => tryPrompts(inChunks(text));
    const survey = await surveyPrompts(read());
    expect(survey).toMatchObject({ count: 2, bad: 2 });
    expect(survey.firstBad.map(({ line }) => line)).toEqual([2, 3]);
    expect(await pickPrompts(read(), survey, 3, 10)).toEqual(await promptsOf(QUESTIONS.slice(0, 2), 3, 10));
  });

  test("are named by all of the source, in its order", async () => {
    const hash = async (dialogues: typeof QUESTIONS) => (await surveyPrompts(promptLines(dialogues))).sha256;
    expect(await hash(QUESTIONS)).toBe(await hash([...QUESTIONS]));
    expect(await hash(QUESTIONS.toReversed())).not.toBe(await hash(QUESTIONS));
    expect(await hash(QUESTIONS.slice(1))).not.toBe(await hash(QUESTIONS));
  });

  test("are taken out of 100,000 in the memory of a few: the source is never held", async () => {
    const [count, length, most] = [100_000, 1000, 500];
    const memory = `--max-old-space-size=${(count * length) / 2 / 1e6}`; // Half of what the lines take.
    const program = ["--import", "tsx", "test/support/pickFromMany.ts"];
    const { stdout } = await run(process.execPath, [
      memory,
      ...program,
      ...[count, length, most].map(String),
    ]);
    expect(JSON.parse(stdout)).toEqual([count, most]);
  }, 120_000);

  test("are needed", async () => {
    await expect(promptsOf([], 1, 1)).rejects.toMatchObject({ code: "empty-prompt" });
  });
});
