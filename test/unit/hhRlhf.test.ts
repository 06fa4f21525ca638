import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dialogue, formatTranscript, question } from "../../src/domain/dialogue";
import { splitPair } from "../../src/domain/hhRlhf";

const said = (speaker: "human" | "assistant") =>
  fc
    .string()
    .map((text) => text.trim())
    .filter((text) => speaker === "assistant" || text !== "")
    .map((text) => ({ speaker, text }));
const prompts: fc.Arbitrary<Dialogue> = fc
  .tuple(fc.array(fc.tuple(said("human"), said("assistant")), { maxLength: 3 }), said("human"))
  .map(([earlier, last]) => [...earlier.flat(), last]);

describe("a published pair", () => {
  test("is split before the last Assistant turn", () => {
    const before = "\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: Eggs?";
    expect(
      splitPair(`${before}\n\nAssistant: Boil them.\n\nThen peel.`, `${before}\n\nAssistant: No. `),
    ).toEqual({
      prompt: [
        { speaker: "human", text: "Hi" },
        { speaker: "assistant", text: "Hello." },
        { speaker: "human", text: "Eggs?" },
      ],
      chosen: "Boil them.\n\nThen peel.",
      rejected: "No.",
    });
  });

  test("may have an empty reply", () => {
    expect(splitPair("Human: a\n\nAssistant:", "Human: a\n\nAssistant: b")).toEqual({
      prompt: question("a"),
      chosen: "",
      rejected: "b",
    });
  });

  test.each([
    ["other prompts", "Human: a\n\nAssistant: c", "Human: b\n\nAssistant: c"],
    ["no reply", "Human: a", "Human: a\n\nAssistant: c"],
    ["a human turn at the end", "Human: a\n\nAssistant: b\n\nHuman: c", "Human: a\n\nAssistant: b"],
    [
      "two assistant turns at the end",
      "Human: a\n\nAssistant: b\n\nAssistant: c",
      "Human: a\n\nAssistant: c",
    ],
    ["no prompt", "Assistant: a", "Assistant: b"],
    ["an empty question", "Human:\n\nAssistant: a", "Human:\n\nAssistant: b"],
  ])("with %s cannot be split", (_, chosen, rejected) => {
    expect(splitPair(chosen, rejected)).toBeNull();
    expect(splitPair(rejected, chosen)).toBeNull();
  });

  test("that is no transcript is refused", () => {
    expect(() => splitPair("Boil them.", "No.")).toThrow('invalid dialogue: "Boil them."');
  });

  test("split is what it was put together from", () => {
    fc.assert(
      fc.property(prompts, said("assistant"), said("assistant"), (prompt, chosen, rejected) => {
        expect(
          splitPair(formatTranscript([...prompt, chosen]), formatTranscript([...prompt, rejected])),
        ).toEqual({
          prompt,
          chosen: chosen.text,
          rejected: rejected.text,
        });
      }),
    );
  });
});
