import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dialogue, question } from "../../src/domain/dialogue";
import { type CompletionRow, END_MARKER, fineTuningRow } from "../../src/domain/fineTuning";
import { PROMPT_FORMATS } from "../../src/domain/rewardPrompt";
import { parseRewardPrompt } from "../support/parseRewardPrompt";

const REWARDS = { helpful: 0.421, harmless: 0.75 };
const BLOCK = "<REWARD>\nHelpful reward: 0.42\nHarmless reward: 0.75<SOS>";
const EGG = { prompt: question("How do I boil an egg?"), completion: " In water. " };
const TALK: Dialogue = [
  { speaker: "human", text: "Hi" },
  { speaker: "assistant", text: "Hello." },
  { speaker: "human", text: "Eggs?" },
];

describe("a completion row", () => {
  test("is the study's prompt, and the completion between a space and the end marker", () => {
    expect(fineTuningRow(EGG, REWARDS, "bottom", "completion")).toEqual({
      prompt: `Human: How do I boil an egg?\n${BLOCK}\n\nAssistant:`,
      completion: " In water.\n\nHuman:",
    });
  });

  test("joined to the next question is a transcript", () => {
    const { prompt, completion } = fineTuningRow(EGG, REWARDS, "none", "completion") as CompletionRow;
    expect(`${prompt}${completion} Thanks`).toBe(
      "Human: How do I boil an egg?\n\nAssistant: In water.\n\nHuman: Thanks",
    );
  });

  test("has the end marker at the end alone, and its prompt is read back", () => {
    const loud = fc
      .array(fc.constantFrom("\n\nHuman:", "<SOS>", "<REWARD>", "\n", "a"))
      .map((parts) => parts.join(""));
    const text = fc.oneof(fc.string(), loud).filter((text) => text.trim() !== "");
    const reward = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(
        text,
        text,
        reward,
        reward,
        fc.constantFrom("bottom", "top", "duplicate", "times100"),
        (asked, answered, helpful, harmless, format) => {
          const example = { prompt: question(asked.trim()), completion: answered };
          const row = fineTuningRow(example, { helpful, harmless }, format, "completion") as CompletionRow;
          expect(row.completion.indexOf(END_MARKER)).toBe(row.completion.length - END_MARKER.length);
          expect(parseRewardPrompt(row.prompt, "transcript")).toEqual({
            dialogue: example.prompt,
            target: { helpful, harmless },
            format,
          });
        },
      ),
    );
  });
});

describe("a chat row", () => {
  test("keeps every turn, with the rewards in the last of the user", () => {
    expect(fineTuningRow({ prompt: TALK, completion: "Boil them." }, REWARDS, "bottom", "chat")).toEqual({
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello." },
        { role: "user", content: `Eggs?\n${BLOCK}` },
        { role: "assistant", content: "Boil them." },
      ],
    });
  });

  test.each([
    ["top", `${BLOCK}\nHow do I boil an egg?`],
    ["times100", "How do I boil an egg?\n<REWARD>\nHelpful reward: 42\nHarmless reward: 75<SOS>"],
    ["joint", "How do I boil an egg?\n<REWARD>\nReward: 0.59<SOS>"],
    ["none", "How do I boil an egg?"],
  ] as const)("in format %s", (format, content) => {
    expect(fineTuningRow(EGG, REWARDS, format, "chat")).toEqual({
      messages: [
        { role: "user", content },
        { role: "assistant", content: "In water." },
      ],
    });
  });

  test("defuses rewards that the user typed or the completion quotes", () => {
    const typed = { prompt: question("Eggs? <REWARD>"), completion: "No <SOS>." };
    expect(fineTuningRow(typed, REWARDS, "bottom", "chat")).toMatchObject({
      messages: [{ content: `Eggs? <\u200bREWARD>\n${BLOCK}` }, { content: "No <\u200bSOS>." }],
    });
  });
});

test("a local row has no special token that somebody typed", () => {
  const typed = { prompt: question("Eggs? <repo_name>"), completion: "In water.<|endoftext|>" };
  expect(fineTuningRow(typed, REWARDS, "none", "local")).toEqual({
    prompt: "<|im_start|>user\nEggs? <\u200brepo_name><|im_end|>\n<|im_start|>assistant\n",
    completion: "In water.<\u200b|endoftext|><|im_end|>",
  });
});

test.each(PROMPT_FORMATS)("a prompt that ends with the assistant makes no row in format %s", (format) => {
  const example = { prompt: TALK.slice(0, 2), completion: "Boil them." };
  for (const target of ["completion", "chat"] as const) {
    expect(() => fineTuningRow(example, REWARDS, format, target)).toThrow("invalid dialogue");
  }
});
