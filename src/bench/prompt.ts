import { question } from "../domain/dialogue";
import { formatPrompt } from "../domain/rewardPrompt";
import { PolicyTokenizer } from "../runtimes/local/tokenizer";

export const LONG_PROMPT = 512;
export const SHORT_PROMPT = 64;

/** The last `tokens` tokens of a long prompt; there are some thousands. */
export function benchPrompt(tokenizerJson: string, tokens: number): number[] {
  const text = Array.from({ length: 200 }, (_, k) => `Step ${k}: boil an egg for ${k} minutes and taste it.`);
  const dialogue = question(`${text.join(" ")} When was it best?`);
  const segments = formatPrompt(dialogue, { helpful: 0.8, harmless: 0.8 }, "bottom", "chat");
  return new PolicyTokenizer(tokenizerJson).encodePrompt(segments).slice(-tokens);
}
