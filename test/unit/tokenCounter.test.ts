import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { countRow } from "../../src/domain/dataset/countTokens";
import { targetModel } from "../../src/domain/dataset/targetModels";
import { tokenCounter } from "../../src/runtimes/tokenCounter";

interface Golden {
  readonly texts: readonly string[];
  /** By model, a number for each text. */
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

const { texts, counts }: Golden = JSON.parse(readFileSync("test/golden/tokens.json", "utf8"));
const counterOf = (model: string) =>
  tokenCounter(targetModel(model).encoding, async () => readFileSync("models/policy/tokenizer.json", "utf8"));

test.each(Object.entries(counts))(
  "%s has the tokens that its own encoder counts",
  async (model, expected) => {
    const count = await counterOf(model);
    expect(texts.map((text) => count(text))).toEqual(expected);
  },
);

test("a chat has three tokens around each message, and three before the reply", async () => {
  const messages = [
    { role: "user", content: "Boil it for six minutes." },
    { role: "assistant", content: "" },
  ] as const;
  const count = await counterOf("gpt-4o-mini-2024-07-18");
  expect(countRow({ messages }, count)).toBe(3 + 1 + 7 + (3 + 1 + 0) + 3);
});
