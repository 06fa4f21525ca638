/** Tokens of fine-tuning rows. */

import type { FineTuningRow } from "../fineTuningRows";

/** The number of tokens of a text, in one model's encoding. */
export type CountText = (text: string) => number;

/** Tokens around a message, and before the reply (OpenAI cookbook, "How to count tokens with tiktoken"). */
const PER_MESSAGE = 3;
const REPLY = 3;

/** Tokens that one epoch reads in a row, the prompt's among them. */
export function countRow(row: FineTuningRow, count: CountText): number {
  if (!("messages" in row)) return count(row.prompt) + count(row.completion);
  const tokens = row.messages.map(({ role, content }) => PER_MESSAGE + count(role) + count(content));
  return tokens.reduce((sum, n) => sum + n, REPLY);
}
