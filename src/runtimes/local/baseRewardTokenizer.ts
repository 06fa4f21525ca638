/** Examples for a judge on the policy's base: the chat that the policy reads, without rewards. */

import { TURN_CLOSE } from "../../domain/controlText";
import { writePrompt } from "../../domain/rewardPrompt";
import type { Example } from "../rewardModel";
import type { EncodedExample, ExampleEncoder } from "./onnxRewardModel";
import type { PolicyTokenizer } from "./tokenizer";

/** Tokens of a prompt's end and of a completion's beginning that the judge was trained on, its end token included. */
const PROMPT_TOKENS = 96;
const COMPLETION_TOKENS = 96;

export class BaseRewardTokenizer implements ExampleEncoder {
  private readonly end: readonly number[];

  constructor(private readonly tokenizer: PolicyTokenizer) {
    this.end = tokenizer.encodePrompt([{ text: TURN_CLOSE, control: true }]);
  }

  encode({ prompt, completion }: Example): EncodedExample {
    const chat = this.tokenizer.encodePrompt(writePrompt(prompt, null, "none", "chat"));
    const first = chat.slice(-PROMPT_TOKENS);
    const written = this.tokenizer.encodePrompt([{ text: completion.trim(), control: false }]);
    const second = [...written.slice(0, COMPLETION_TOKENS - this.end.length), ...this.end];
    return { ids: [...first, ...second], types: [...first.map(() => 0), ...second.map(() => 1)] };
  }
}
