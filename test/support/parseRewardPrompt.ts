/** The inverse of `formatPrompt`: what a prompt's text asks for. */

import { REWARD_CLOSE, REWARD_OPEN, TURN_OPEN } from "../../src/domain/controlText";
import type { Dialogue, Turn } from "../../src/domain/dialogue";
import type { Axis, Target } from "../../src/domain/reward";
import type { PromptFormat, Template } from "../../src/domain/rewardPrompt";

interface ParsedPrompt {
  readonly dialogue: Dialogue;
  readonly target: Target | null;
  readonly format: PromptFormat;
}

const BLOCK_START = `${REWARD_OPEN}\n`;

/**
 * parse(format(x)) = x, for targets of two decimals, with what the text itself leaves open: a null
 * reward looks the same in every format that writes it at the bottom, and a joint reward is given
 * back as that value on both axes. A transcript gives typed control strings back as they were;
 * chat text cannot tell a typed turn mark from a real one (its segments can).
 * @throws Error where the text is no prompt of this template.
 */
export function parseRewardPrompt(text: string, template: Template): ParsedPrompt {
  if (text.startsWith(BLOCK_START)) {
    const end = text.indexOf(`${REWARD_CLOSE}\n`);
    const block = end < 0 ? null : readBlock(text.slice(BLOCK_START.length, end));
    if (block === null) throw unreadable(text);
    const dialogue = restoreTurns(readTurns(text.slice(end + REWARD_CLOSE.length + 1), template), template);
    return { dialogue, target: block.target, format: "top" };
  }
  const turns = readTurns(text, template);
  const last = turns.at(-1) as Turn;
  const start = last.text.lastIndexOf(`\n${BLOCK_START}`);
  const block =
    start >= 0 && last.text.endsWith(REWARD_CLOSE)
      ? readBlock(last.text.slice(start + 1 + BLOCK_START.length, -REWARD_CLOSE.length))
      : null;
  if (block === null) return { dialogue: restoreTurns(turns, template), target: null, format: "none" };
  const asked = { speaker: last.speaker, text: last.text.slice(0, start) };
  return { dialogue: restoreTurns([...turns.slice(0, -1), asked], template), ...block };
}

/** Turns up to the open assistant turn at the end, texts as they stand in the prompt. */
function readTurns(text: string, template: Template): Turn[] {
  const turns = template === "chat" ? readChat(text) : readTranscript(text);
  if (turns.at(-1)?.speaker !== "human") throw unreadable(text);
  return turns;
}

function readChat(text: string): Turn[] {
  const open = `${TURN_OPEN}assistant\n`;
  const turn = /<\|im_start\|>(user|assistant)\n([\s\S]*?)<\|im_end\|>\n/y;
  const turns: Turn[] = [];
  while (text.slice(turn.lastIndex) !== open) {
    const found = turn.exec(text);
    if (found === null) throw unreadable(text);
    turns.push({ speaker: found[1] === "user" ? "human" : "assistant", text: found[2] as string });
  }
  return turns;
}

function readTranscript(text: string): Turn[] {
  const marked = `\n\n${text} `;
  const marks = [...marked.matchAll(/\n\n(Human|Assistant): /g)];
  const last = marks.at(-1);
  if (marks[0]?.index !== 0 || last?.[1] !== "Assistant" || last.index + last[0].length !== marked.length) {
    throw unreadable(text);
  }
  return marks.slice(0, -1).map((mark, index) => ({
    speaker: mark[1] === "Human" ? "human" : "assistant",
    text: marked.slice(mark.index + mark[0].length, marks[index + 1]?.index),
  }));
}

function restoreTurns(turns: readonly Turn[], template: Template): Turn[] {
  if (template === "chat") return [...turns];
  return turns.map(({ speaker, text }) => ({ speaker, text: restore(text) }));
}

/** The text that `defuse` was given. */
export function restore(text: string): string {
  return text.replace(
    /(?<=<\u200b*)\u200b(?=(?:REWARD|SOS)>)|(?<=\n\u200b*)\u200b(?=\n(?:Human|Assistant):)/g,
    "",
  );
}

interface Block {
  readonly target: Target | null;
  readonly format: PromptFormat;
}

/** What the lines between `<REWARD>` and `<SOS>` say; null where they are not a program's. */
function readBlock(block: string): Block | null {
  if (block === "") return { target: null, format: "bottom" };
  const target: Partial<Record<Axis, number>> = {};
  const lines = block.split("\n");
  let format: PromptFormat = "bottom";
  for (const line of lines) {
    const found = /^(?:(Helpful|Harmless) reward|Reward): (\d+)(\.\d\d)?$/.exec(line);
    if (found === null) return null;
    const value = found[3] === undefined ? Number(found[2]) / 100 : Number(`${found[2]}${found[3]}`);
    if (found[3] === undefined) format = "times100";
    if (found[1] === undefined) return { target: { helpful: value, harmless: value }, format: "joint" };
    target[found[1] === "Helpful" ? "helpful" : "harmless"] = value;
  }
  if (lines.length > Object.keys(target).length) format = "duplicate";
  return { target, format };
}

function unreadable(text: string): Error {
  return new Error(`not a reward prompt: ${JSON.stringify(text.slice(0, 80))}`);
}
