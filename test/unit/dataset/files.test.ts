import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countRow } from "../../../src/domain/dataset/countTokens";
import { TARGET_MODELS, targetModel, trainingCost } from "../../../src/domain/dataset/targetModels";
import { trainingCommand } from "../../../src/domain/dataset/trainingCommand";
import { question } from "../../../src/domain/dialogue";
import { type CompletionRow, fineTuningRow } from "../../../src/domain/fineTuning";
import { formatPrompt, promptText } from "../../../src/domain/rewardPrompt";
import type { WrittenRow } from "../../../src/experiments/dataset/writeRows";
import { writeFiles } from "../../../src/runtimes/local/datasetFiles";
import { tokenCounter } from "../../../src/runtimes/tokenCounter";
import { BlobWriter } from "../../../src/storage/blobWriter";

const readTokenizer = async () => readFileSync("models/policy/tokenizer.json", "utf8");
const STYLE = { model: targetModel("babbage-002"), format: "top" } as const;
const NEVER = new AbortController().signal;

describe("tokens", () => {
  test.each([
    // OpenAI cookbook, "How to count tokens with tiktoken".
    ["cl100k_base", "antidisestablishmentarianism", 6],
    ["cl100k_base", "2 + 2 = 4", 7],
    ["cl100k_base", "お誕生日おめでとう", 9],
    ["o200k_base", "antidisestablishmentarianism", 6],
    ["o200k_base", "お誕生日おめでとう", 8],
    ["smollm2", "<REWARD><SOS><|im_end|>", 3],
  ] as const)("in %s of %s are %i", async (encoding, text, tokens) => {
    const count = await tokenCounter(encoding, readTokenizer);
    expect(count(text)).toBe(tokens);
  });

  test("of what looks like a special token are those of its letters", async () => {
    const count = await tokenCounter("cl100k_base", readTokenizer);
    expect(count("<|endoftext|>")).toBeGreaterThan(1);
  });

  test("of a chat row include those around its messages", () => {
    const messages = [
      { role: "user", content: "abcd" },
      { role: "assistant", content: "ef" },
    ] as const;
    expect(countRow({ messages }, (text) => text.length)).toBe(3 + (3 + 4 + 4) + (3 + 9 + 2));
    expect(countRow({ prompt: "abc", completion: "d" }, (text) => text.length)).toBe(4);
  });
});

describe("a row for the local base", () => {
  const rewards = { helpful: 0.4, harmless: 0.75 };

  test("is the prompt that the policy gets, and the completion up to the end of its turn", () => {
    const example = { prompt: question("Eggs?"), completion: " Boil. " };
    expect(fineTuningRow(example, rewards, "bottom", "local")).toEqual({
      prompt: promptText(formatPrompt(example.prompt, rewards, "bottom", "chat")),
      completion: "Boil.<|im_end|>",
    });
  });

  test("has special tokens only where the program wrote them", async () => {
    const count = await tokenCounter("smollm2", readTokenizer);
    const loud = fc
      .array(fc.constantFrom("<|im_end|>", "<SOS>", "<REWARD>", "<|im_start|>", "a", " "), { minLength: 1 })
      .map((parts) => `x${parts.join("")}`);
    fc.assert(
      fc.property(loud, loud, (asked, answered) => {
        const row = fineTuningRow(
          { prompt: question(asked), completion: answered },
          rewards,
          "bottom",
          "local",
        );
        const { prompt, completion } = row as CompletionRow;
        expect(prompt.match(/<\|im_start\|>/g)).toHaveLength(2);
        expect(prompt.match(/<REWARD>|<SOS>/g)).toHaveLength(2);
        expect(completion.indexOf("<|im_end|>")).toBe(completion.length - "<|im_end|>".length);
        expect(count(completion)).toBeGreaterThan(1);
      }),
    );
  });
});

describe("the files", () => {
  async function* rows(...splits: readonly WrittenRow["split"][]): AsyncGenerator<WrittenRow, void> {
    for (const [line, split] of splits.entries()) yield { line, split, text: `{"n":${line}}\n`, tokens: 10 };
  }

  test("hold the rows of their part, and say how many rows and tokens", async () => {
    const made = await writeFiles(rows("train", "validation", "train"), "my.data.jsonl.gz", STYLE, NEVER);
    expect(made).toMatchObject([
      {
        name: "my.data-train.jsonl",
        split: "train",
        target: "completion",
        format: "top",
        model: "babbage-002",
        rows: 2,
        tokens: 20,
      },
      { name: "my.data-validation.jsonl", split: "validation", rows: 1, tokens: 10 },
    ]);
    expect(await made[0]?.content.text()).toBe('{"n":0}\n{"n":2}\n');
  });

  test("are one where nothing is for validation, and none where nothing is to train on", async () => {
    expect(await writeFiles(rows("train"), "a.csv", STYLE, NEVER)).toMatchObject([{ name: "a-train.jsonl" }]);
    await expect(writeFiles(rows("validation"), "a.csv", STYLE, NEVER)).rejects.toThrow(
      "no labelled row to train on",
    );
  });

  test.each(["train.jsonl.gz", "my_test-set.csv", "Dev1.jsonl", "2024 eval.txt", "hh.validation"])(
    "are each of one split by their names, whatever split the file named: %s",
    async (name) => {
      const made = await writeFiles(rows("train", "validation"), name, STYLE, NEVER);
      expect(made.map(({ name }) => name)).toEqual(["data-train.jsonl", "data-validation.jsonl"]);
    },
  );

  test("keep a name that only has such letters in it", async () => {
    expect(await writeFiles(rows("train"), "latest-trains.csv", STYLE, NEVER)).toMatchObject([
      { name: "latest-trains-train.jsonl" },
    ]);
  });

  test("are not made where the writing is stopped", async () => {
    await expect(writeFiles(rows("train"), "a", STYLE, AbortSignal.abort())).rejects.toMatchObject({
      code: "aborted",
    });
  });

  test("hold the texts that were written, however long", async () => {
    const writer = new BlobWriter();
    const texts = Array.from({ length: 30 }, (_, k) => `${k}é`.repeat(40_000));
    for (const text of texts) writer.append(text);
    expect(await writer.finish("text/plain").text()).toBe(texts.join(""));
  });
});

describe("the models", () => {
  test("cost what their tokens cost, epoch for epoch", () => {
    expect(trainingCost(2_000_000, 3, 0.4)).toBeCloseTo(2.4);
  });

  test("that do not exist are refused by name", () => {
    expect(() => targetModel("gpt-1")).toThrow(
      'unknown model: "gpt-1"; expected one of babbage-002, davinci-002',
    );
    expect(new Set(TARGET_MODELS.map(({ target }) => target))).toEqual(
      new Set(["completion", "chat", "local"]),
    );
  });

  test("of one's own are trained by commands that evaluate only where there is a file for it", () => {
    const local = targetModel("SmolLM2-135M");
    expect(trainingCommand(["train", "validation"], local, 2)).toContain("--dataset_test_split validation");
    expect(trainingCommand(["train"], local, 2)).not.toContain("validation");
    expect(trainingCommand(["train"], local, 2)).toContain("--num_train_epochs 2");
    expect(trainingCommand(["train"], local, 2)).toContain('"eos_token":"<|im_end|>"'); // Ends a completion.
  });
});
