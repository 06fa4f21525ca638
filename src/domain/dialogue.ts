/** Dialogues and the transcripts that hh-rlhf publishes. */

import { DialError } from "./errors";

export type Speaker = "human" | "assistant";

export interface Turn {
  readonly speaker: Speaker;
  readonly text: string;
}

/** Turns in order; one that is a prompt ends with a human turn. */
export type Dialogue = readonly Turn[];

const MARK = /\n\n(Human|Assistant):/g;

/**
 * Reads `\n\nHuman: ...\n\nAssistant: ...`; the blank line before the first turn may be missing.
 * Texts are trimmed; lines may end as on Windows.
 * @throws DialError "invalid-dialogue" where the text does not begin with a turn.
 */
export function parseTranscript(transcript: string): Dialogue {
  const text = `\n\n${unixLines(transcript).trimStart()}`;
  const marks = [...text.matchAll(MARK)];
  if (marks[0]?.index !== 0) {
    throw new DialError(
      "invalid-dialogue",
      `invalid dialogue: ${quote(transcript)}; expected "Human: ..." first, and turns that begin after a blank line with "Human:" or "Assistant:"`,
    );
  }
  return marks.map((mark, index) => ({
    speaker: mark[1] === "Human" ? "human" : "assistant",
    text: text.slice(mark.index + mark[0].length, marks[index + 1]?.index).trim(),
  }));
}

/** The transcript of a dialogue, as hh-rlhf writes it: each turn begins with a blank line. */
export function formatTranscript(dialogue: Dialogue): string {
  return dialogue
    .map(({ speaker, text }) => `\n\n${speaker === "human" ? "Human" : "Assistant"}: ${text.trim()}`)
    .join("");
}

/** A dialogue of one human turn; lines may end as on Windows. */
export function question(text: string): Dialogue {
  return [{ speaker: "human", text: unixLines(text) }];
}

/**
 * Reads a prompt that somebody wrote: a transcript where it begins with "Human:", else one question. The transcript may
 * end with "Assistant:" and nothing after it, as public prompts do.
 * @throws DialError "empty-prompt" or "invalid-dialogue".
 */
export function parsePrompt(text: string): Dialogue {
  if (!/^\s*Human:/.test(text)) return checkPrompt(question(text));
  const turns = parseTranscript(text);
  const last = turns.at(-1);
  const opened = last?.speaker === "assistant" && last.text === "";
  return checkPrompt(opened ? turns.slice(0, -1) : turns);
}

/**
 * Passes a dialogue that can be completed: it ends with a human turn that says something.
 * @throws DialError "empty-prompt" or "invalid-dialogue".
 */
export function checkPrompt(dialogue: Dialogue): Dialogue {
  const last = dialogue.at(-1);
  if (last === undefined) throw new DialError("empty-prompt", "empty prompt: write a question first");
  if (last.speaker !== "human") {
    throw new DialError(
      "invalid-dialogue",
      `invalid dialogue: it ends with the assistant's ${quote(last.text)}; a prompt ends with a human turn`,
    );
  }
  if (last.text.trim() === "") {
    throw new DialError("empty-prompt", "empty prompt: the last human turn has no text");
  }
  return dialogue;
}

/** The text of the first human turn: a chat may begin with the assistant. */
export function firstQuestion(prompt: Dialogue): string {
  return prompt.find(({ speaker }) => speaker === "human")?.text ?? "";
}

/** The start of a text, for an error message. */
export function quote(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  if (line.length <= 60) return JSON.stringify(line);
  const start = line.slice(0, 60).replace(/[\uD800-\uDBFF]$/, ""); // Half of a character.
  return JSON.stringify(`${start}...`);
}

function unixLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
