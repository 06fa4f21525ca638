import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { judgedPrompt, OnnxRewardModel, RewardTokenizer } from "../../src/runtimes/local/onnxRewardModel";
import type { Session } from "../../src/runtimes/local/session";

const tokenizer = new RewardTokenizer(readFileSync("models/reward/tokenizer.json", "utf8"));
const START = 101;
const SEPARATOR = 102;
const ask = (text: string) => [{ speaker: "human" as const, text }];

describe("RewardTokenizer", () => {
  it("writes prompt and completion as two marked parts", () => {
    const { ids, types } = tokenizer.encode({ prompt: ask(" Hi "), completion: " Hello. " });
    const middle = ids.indexOf(SEPARATOR);
    expect(ids[0]).toBe(START);
    expect(ids.at(-1)).toBe(SEPARATOR);
    expect(types).toEqual(ids.map((_, at) => (at <= middle ? 0 : 1)));
    // [CLS] human : hi [SEP] hello . [SEP]
    expect([middle, ids.length]).toEqual([4, 8]);
  });

  it("keeps the end of a long prompt and the beginning of a long completion", () => {
    const words = Array.from({ length: 400 }, (_, i) => (i < 200 ? "cat" : "dog")).join(" ");
    const { ids } = tokenizer.encode({ prompt: ask(words), completion: words });
    const [cat, dog] = ["cat", "dog"].map(
      (word) => tokenizer.encode({ prompt: ask(word), completion: "" }).ids[3],
    );
    expect(ids).toHaveLength(1 + 96 + 1 + 160 + 1);
    expect(new Set(ids.slice(1, 97))).toEqual(new Set([dog]));
    expect(new Set(ids.slice(98, 258))).toEqual(new Set([cat]));
  });

  it.each(["[SEP]", "[CLS]", "[PAD]", "[UNK]", "[MASK]"])("reads a typed %s as letters", (typed) => {
    const text = `a ${typed}${typed} b`;
    const { ids } = tokenizer.encode({ prompt: ask(text), completion: text });
    // [PAD] 0, [UNK] 100, [CLS] 101, [SEP] 102, [MASK] 103 in models/reward/tokenizer.json.
    const specials = ids.filter((id) => id === 0 || (id >= 100 && id <= 103));
    expect(specials).toEqual([START, SEPARATOR, SEPARATOR]);
    const apart = text.replaceAll("[", "[ ");
    expect(tokenizer.encode({ prompt: ask(apart), completion: apart }).ids).toEqual(ids);
  });

  it("takes an empty completion", () => {
    const { ids } = tokenizer.encode({ prompt: ask("Hi"), completion: "  " });
    expect(ids.slice(-2)).toEqual([SEPARATOR, SEPARATOR]);
  });
});

describe("judgedPrompt", () => {
  it("writes one turn a line", () => {
    const turns = [...ask(" a\n"), { speaker: "assistant" as const, text: "b " }, ...ask("c")];
    expect(judgedPrompt(turns)).toBe("Human: a\nAssistant: b\nHuman: c");
  });
});

describe("OnnxRewardModel", () => {
  const runs: number[][] = [];
  const session = {
    run: async ({ ints }: Parameters<Session<never>["run"]>[0]) => {
      const ids = [...(ints.input_ids?.data ?? [])].map(Number);
      runs.push(ints.input_ids?.dims as number[]);
      return Float32Array.of(ids.length, -ids.length);
    },
  } as unknown as Session<never>;
  const reference = { helpful: [5, 6, 7, 8], harmless: [-8, -7, -7, -6], joint: [[0.5, 0.5]] as const };
  const judge = new OnnxRewardModel("test", session, tokenizer, reference);

  it("scores one example a run, in order, as raw values and percentiles", async () => {
    const scores = await judge.score([
      { prompt: ask("Hi"), completion: "Hello." },
      { prompt: ask("Hi"), completion: "" },
    ]);
    expect(runs).toEqual([
      [1, 8],
      [1, 6],
    ]);
    expect(scores[0]).toEqual({
      raw: { helpful: 8, harmless: -8 },
      percentile: { helpful: 0.875, harmless: 0.125 },
    });
    expect(scores[1]).toEqual({
      raw: { helpful: 6, harmless: -6 },
      percentile: { helpful: 0.375, harmless: 0.875 },
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("gives no reward for a score of %s", async (harmless) => {
    const broken = { run: async () => Float32Array.of(0, harmless) } as unknown as Session<never>;
    const scoring = new OnnxRewardModel("test", broken, tokenizer, reference).score([
      { prompt: ask("Hi"), completion: "Hello." },
    ]);
    await expect(scoring).rejects.toThrow("values that are not numbers");
  });

  it("stops between examples", async () => {
    await expect(
      judge.score([{ prompt: ask("Hi"), completion: "" }], { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: "DialError", code: "aborted" });
    expect(await judge.score([])).toEqual([]);
  });
});
