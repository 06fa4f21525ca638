import { describe, expect, test } from "vitest";
import type { PairLine } from "../../src/domain/dataLines";
import { question } from "../../src/domain/dialogue";
import {
  type DatasetOptions,
  type DatasetProgress,
  type DatasetResult,
  dataset,
} from "../../src/experiments/dataset";
import type { RewardModel } from "../../src/runtimes/rewardModel";
import { fakeJudge } from "./fakes/models";

const pair = (chosen: string, rejected: string, asked = "Q?"): PairLine => {
  return { prompt: question(asked), chosen, rejected };
};

async function labelled(
  pairs: Iterable<PairLine | null>,
  options: Partial<DatasetOptions> = {},
  judge: RewardModel = fakeJudge(),
): Promise<{ result: DatasetResult; events: DatasetProgress[]; text: string }> {
  const run = dataset(pairs, judge, { format: "bottom", target: "completion", ...options });
  const events: DatasetProgress[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) events.push(next.value);
  return { result: next.value, events, text: events.map((event) => event.text).join("") };
}

describe("a dataset", () => {
  test("has a row for each completion, with the rewards that the judge gave it", async () => {
    const { text, result } = await labelled([pair("0.9 0.1", "0.25 0.5")]);
    const row = (helpful: string, harmless: string, completion: string): string =>
      `${JSON.stringify({
        prompt: `Human: Q?\n<REWARD>\nHelpful reward: ${helpful}\nHarmless reward: ${harmless}<SOS>\n\nAssistant:`,
        completion: ` ${completion}\n\nHuman:`,
      })}\n`;
    expect(text).toBe(row("0.90", "0.10", "0.9 0.1") + row("0.25", "0.50", "0.25 0.5"));
    expect(result).toEqual({
      pairs: 1,
      unsplit: 0,
      completions: 2,
      written: 2,
      duplicates: 0,
      empty: 0,
      bytes: Buffer.byteLength(text),
      format: "bottom",
      target: "completion",
    });
  });

  test("counts bytes of UTF-8", async () => {
    const { text, result } = await labelled([pair("0 0", "1 1", "Où, 鶏?")], { target: "chat" });
    expect(result.bytes).toBe(Buffer.byteLength(text));
    expect(result.bytes).toBeGreaterThan(text.length);
  });

  test("leaves out what came before to the same prompt, what has no text, and damaged pairs", async () => {
    const { text, result } = await labelled([
      pair("0 0", " 0 0\n"),
      null,
      pair("0 0", "1 1"),
      pair("0 0", " \n", "Another?"),
    ]);
    expect(result).toMatchObject({
      pairs: 4,
      unsplit: 1,
      completions: 6,
      written: 3,
      duplicates: 2,
      empty: 1,
    });
    expect(text.trim().split("\n")).toHaveLength(3);
  });

  test("finds duplicates across batches, and does not label them again", async () => {
    let scored = 0;
    const judge = fakeJudge();
    const watched: RewardModel = {
      name: "watched",
      score: (examples, options) => {
        scored += examples.length;
        return judge.score(examples, options);
      },
    };
    const pairs = Array.from({ length: 100 }, (_, k) => pair(`0.${k % 40} 0`, "1 1", `Question ${k % 40}?`));
    const { result, events } = await labelled(pairs, {}, watched);
    expect(result).toMatchObject({ pairs: 100, completions: 200, written: 80, duplicates: 120 });
    expect(scored).toBe(80);
    expect(events.map((event) => event.pairs)).toEqual([16, 32, 48, 64, 80, 96, 100]);
    expect(events.map((event) => event.written)).toEqual([32, 64, 80, 80, 80, 80, 80]);
  });

  test("reads no further than the batch at hand", async () => {
    let read = 0;
    function* endless(): Generator<PairLine> {
      while (true) yield pair(`0.${read++} 0`, "1 1");
    }
    const run = dataset(endless(), fakeJudge(), { format: "none", target: "chat" });
    await run.next();
    expect(read).toBe(16);
    await run.next();
    expect(read).toBe(32);
    await run.return(undefined as never);
  });

  test("is stopped between batches", async () => {
    const stop = new AbortController();
    const run = dataset(
      Array.from({ length: 40 }, (_, k) => pair(`0.${k} 0`, "1 1")),
      fakeJudge(),
      { format: "none", target: "chat", signal: stop.signal },
    );
    await run.next();
    stop.abort();
    await expect(run.next()).rejects.toMatchObject({ code: "aborted" });
  });

  test.each([[[]], [[null]], [[pair("", " ")]]])("of nothing is refused: %j", async (pairs) => {
    await expect(labelled(pairs)).rejects.toMatchObject({ code: "invalid-option" });
  });
});
