/** Rows of fine-tuning files: a prompt with the rewards that its completion was given, and the completion. */

import { type ChatMessage, writeMessages } from "./chatMessages";
import { cutAtSpecialTokens, defuse, TURN_CLOSE } from "./controlText";
import type { ExampleLine } from "./dataLines";
import type { Target } from "./reward";
import { type PromptFormat, promptText, writePrompt } from "./rewardPrompt";

/**
 * completion: prompt and completion, for base models (babbage-002, davinci-002). chat: messages. local: prompt and
 * completion in this lab's own template, for a LoRA of its base.
 */
export const FINE_TUNING_TARGETS = ["completion", "chat", "local"] as const;
export type FineTuningTarget = (typeof FINE_TUNING_TARGETS)[number];

/** Ends each completion, and is in none: the stop sequence to sample with. A transcript goes on so by itself. */
export const END_MARKER = "\n\nHuman:";

export interface CompletionRow {
  readonly prompt: string;
  readonly completion: string;
}

export interface ChatRow {
  readonly messages: readonly ChatMessage[];
}

/**
 * One example as a line of the file.
 *
 * completion: the study's transcript up to `Assistant:`; then a space, the completion and `END_MARKER`
 * (OpenAI, "Fine-tuning: preparing your dataset", legacy prompt-completion pairs).
 * chat: every turn a message, the reward block in the last of the user: above its text in format "top", below it in
 * the others; the completion is the last message.
 * local: the policy's own prompt, ChatML up to the assistant's turn, and the completion up to the turn's end (TRL,
 * "Dataset formats": prompt-completion, standard).
 * Texts are trimmed; control strings that somebody typed are defused.
 * @param rewards of the completion, on the scale of any normaliser.
 * @throws DialError "empty-prompt" or "invalid-dialogue".
 */
export function fineTuningRow(
  example: ExampleLine,
  rewards: Target,
  format: PromptFormat,
  target: FineTuningTarget,
): CompletionRow | ChatRow {
  switch (target) {
    case "completion":
      return completionRow(example, rewards, format);
    case "chat":
      return chatRow(example, rewards, format);
    case "local":
      return localRow(example, rewards, format);
  }
}

function completionRow(
  { prompt, completion }: ExampleLine,
  rewards: Target,
  format: PromptFormat,
): CompletionRow {
  return {
    prompt: promptText(writePrompt(prompt, rewards, format, "transcript")),
    completion: ` ${defuse(completion.trim())}${END_MARKER}`,
  };
}

function localRow({ prompt, completion }: ExampleLine, rewards: Target, format: PromptFormat): CompletionRow {
  const segments = writePrompt(prompt, rewards, format, "chat");
  return {
    prompt: promptText(
      segments.map(({ text, control }) => ({ text: control ? text : apart(text), control })),
    ),
    completion: `${apart(completion.trim())}${TURN_CLOSE}`,
  };
}

/** Somebody's text, with a zero-width space in every special token, so that a tokenizer does not see it whole. */
function apart(text: string): string {
  return cutAtSpecialTokens(text).join("\u200b");
}

function chatRow({ prompt, completion }: ExampleLine, rewards: Target, format: PromptFormat): ChatRow {
  const messages = writeMessages(prompt, rewards, format);
  return { messages: [...messages, { role: "assistant", content: defuse(completion.trim()) }] };
}
