/** Rows of fine-tuning files: a prompt with the rewards that its completion was given, and the completion. */

import { type ChatMessage, chatMessages } from "./chatMessages";
import { defuse } from "./controlText";
import type { ExampleLine } from "./dataLines";
import type { Target } from "./reward";
import { formatPrompt, type PromptFormat, promptText } from "./rewardPrompt";

/** completion: prompt and completion, for base models (babbage-002, davinci-002). chat: messages. */
export const FINE_TUNING_TARGETS = ["completion", "chat"] as const;
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
 * Texts are trimmed; control strings that somebody typed are defused.
 * @param rewards of the completion, in [0, 1].
 * @throws DialError "empty-prompt", "invalid-dialogue" or "invalid-target".
 */
export function fineTuningRow(
  example: ExampleLine,
  rewards: Target,
  format: PromptFormat,
  target: FineTuningTarget,
): CompletionRow | ChatRow {
  return target === "chat" ? chatRow(example, rewards, format) : completionRow(example, rewards, format);
}

function completionRow(
  { prompt, completion }: ExampleLine,
  rewards: Target,
  format: PromptFormat,
): CompletionRow {
  return {
    prompt: promptText(formatPrompt(prompt, rewards, format, "transcript")),
    completion: ` ${defuse(completion.trim())}${END_MARKER}`,
  };
}

function chatRow({ prompt, completion }: ExampleLine, rewards: Target, format: PromptFormat): ChatRow {
  const messages = chatMessages(prompt, rewards, format);
  return { messages: [...messages, { role: "assistant", content: defuse(completion.trim()) }] };
}
