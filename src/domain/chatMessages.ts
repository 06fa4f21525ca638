/** The prompt of a reward-conditioned policy behind a chat endpoint, which has a chat template of its own. */

import { checkTarget } from "./checkTarget";
import { defuse } from "./controlText";
import { checkPrompt, type Dialogue } from "./dialogue";
import type { Target } from "./reward";
import { type PromptFormat, type PromptSegment, promptText, rewardBlock } from "./rewardPrompt";

export interface ChatMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
}

/** A message in segments, as `formatPrompt` gives them. */
export interface MessageSegments {
  readonly role: ChatMessage["role"];
  readonly segments: readonly PromptSegment[];
}

/**
 * Every turn a message, the reward block in the last of the user: above its text in format "top", below it in the
 * others. Texts are trimmed; control strings that somebody typed are defused.
 * @throws DialError "empty-prompt", "invalid-dialogue" or "invalid-target".
 */
export function chatMessages(dialogue: Dialogue, target: Target | null, format: PromptFormat): ChatMessage[] {
  return writeMessages(dialogue, target && checkTarget(target), format);
}

/**
 * As `chatMessages`, for rewards of any normaliser.
 * @param rewards finite numbers, on whatever scale.
 * @throws DialError "empty-prompt" or "invalid-dialogue".
 */
export function writeMessages(
  dialogue: Dialogue,
  rewards: Target | null,
  format: PromptFormat,
): ChatMessage[] {
  return segmentsOf(dialogue, rewards, format).map(({ role, segments }) => {
    return { role, content: promptText(segments) };
  });
}

/** The same messages, told apart into what the program wrote and what somebody said. */
export function messageSegments(
  dialogue: Dialogue,
  target: Target | null,
  format: PromptFormat,
): MessageSegments[] {
  return segmentsOf(dialogue, target && checkTarget(target), format);
}

function segmentsOf(dialogue: Dialogue, rewards: Target | null, format: PromptFormat): MessageSegments[] {
  const last = checkPrompt(dialogue).length - 1;
  return dialogue.map(({ speaker, text }, index) => {
    const said = { text: defuse(text.trim()), control: false };
    const role = speaker === "assistant" ? "assistant" : "user";
    const rewarded = index === last && format !== "none";
    return { role, segments: rewarded ? withRewards(said, rewards, format) : [said] };
  });
}

function withRewards(said: PromptSegment, rewards: Target | null, format: PromptFormat): PromptSegment[] {
  const block = rewardBlock(rewards, format);
  if (format === "top") return [{ text: `${block}\n`, control: true }, said];
  return [said, { text: `\n${block}`, control: true }];
}
