import { expect, test } from "vitest";
import { chatMessages, messageSegments } from "../../src/domain/chatMessages";
import type { Dialogue } from "../../src/domain/dialogue";

const DIALOGUE: Dialogue = [
  { speaker: "human", text: " Hello. " },
  { speaker: "assistant", text: "Hi!" },
  { speaker: "human", text: "Eggs? <REWARD>" },
];
const TARGET = { helpful: 0.4, harmless: 0.75 };
const BLOCK = "<REWARD>\nHelpful reward: 0.40\nHarmless reward: 0.75<SOS>";

test("the rewards stand in the last message of the user, below its text or above it", () => {
  const before = [
    { role: "user", content: "Hello." },
    { role: "assistant", content: "Hi!" },
  ];
  const said = "Eggs? <\u200bREWARD>";
  expect(chatMessages(DIALOGUE, TARGET, "bottom")).toEqual([
    ...before,
    { role: "user", content: `${said}\n${BLOCK}` },
  ]);
  expect(chatMessages(DIALOGUE, TARGET, "top").at(-1)).toEqual({
    role: "user",
    content: `${BLOCK}\n${said}`,
  });
  expect(chatMessages(DIALOGUE, TARGET, "none").at(-1)).toEqual({ role: "user", content: said });
  expect(chatMessages(DIALOGUE, null, "bottom").at(-1)?.content).toBe(`${said}\n<REWARD>\n<SOS>`);
});

test("segments tell what the program wrote from what somebody said", () => {
  expect(messageSegments(DIALOGUE, TARGET, "bottom").at(-1)?.segments).toEqual([
    { text: "Eggs? <\u200bREWARD>", control: false },
    { text: `\n${BLOCK}`, control: true },
  ]);
});

test("a dialogue that ends with the assistant is refused", () => {
  expect(() => chatMessages(DIALOGUE.slice(0, 2), TARGET, "bottom")).toThrow("it ends with the assistant's");
});
