import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkPrompt,
  type Dialogue,
  formatTranscript,
  parseTranscript,
  question,
  quote,
} from "../../src/domain/dialogue";

const DIALOGUE: Dialogue = [
  { speaker: "human", text: "Hi" },
  { speaker: "assistant", text: "Hello.\n\nHow are you?" },
  { speaker: "human", text: "Well" },
];
const TRANSCRIPT = "\n\nHuman: Hi\n\nAssistant: Hello.\n\nHow are you?\n\nHuman: Well";

describe("a transcript", () => {
  test("is written as hh-rlhf publishes it", () => {
    expect(formatTranscript(DIALOGUE)).toBe(TRANSCRIPT);
  });

  test("is read with or without the blank line before its first turn", () => {
    expect(parseTranscript(TRANSCRIPT)).toEqual(DIALOGUE);
    expect(parseTranscript(TRANSCRIPT.trim())).toEqual(DIALOGUE);
  });

  test("is read with the line ends of Windows, as a question is", () => {
    expect(question("Eggs?\r\nOr tea?")).toEqual(question("Eggs?\nOr tea?"));
    expect(parseTranscript(TRANSCRIPT.replaceAll("\n", "\r\n"))).toEqual(DIALOGUE);
  });

  test("keeps a speaker's name inside a turn as text", () => {
    expect(parseTranscript("Human: who said\nHuman: this?")).toEqual(question("who said\nHuman: this?"));
  });

  test("may have empty turns", () => {
    expect(parseTranscript("Human: a\n\nAssistant:\n\nHuman: b")[1]).toEqual({
      speaker: "assistant",
      text: "",
    });
  });

  test.each(["", "Hello", "\n\nHello\n\nHuman: hi", "Humans: hi"])("does not begin with %j", (text) => {
    expect(() => parseTranscript(text)).toThrow(/^invalid dialogue: /);
  });

  test("read back is the dialogue", () => {
    const turn = fc.record({
      speaker: fc.constantFrom("human" as const, "assistant" as const),
      text: fc.string().map((text) => text.trim()),
    });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 5 }), (dialogue) => {
        expect(parseTranscript(formatTranscript(dialogue))).toEqual(dialogue);
      }),
    );
  });
});

test("a text is quoted without half of a character at its end", () => {
  expect(quote(`${"x".repeat(59)}\u{1F95A}y`)).toBe(`"${"x".repeat(59)}..."`);
  expect(quote(`${"x".repeat(58)}\u{1F95A}y`)).toBe(`"${"x".repeat(58)}\u{1F95A}..."`);
});

describe("a prompt", () => {
  test("is a dialogue that ends with a human turn", () => {
    expect(checkPrompt(DIALOGUE)).toBe(DIALOGUE);
  });

  test.each([
    ["no turn", [], "empty-prompt"],
    ["a blank last turn", [...DIALOGUE, ...question(" \n\t")], "empty-prompt"],
    ["an assistant's turn last", DIALOGUE.slice(0, 2), "invalid-dialogue"],
  ] as const)("may not have %s", (_, dialogue, code) => {
    expect(() => checkPrompt(dialogue)).toThrow(expect.objectContaining({ code }));
  });
});
