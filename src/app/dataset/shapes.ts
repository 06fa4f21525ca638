import type { FineTuningTarget } from "../../domain/fineTuning";

/** What the rows of a fine-tuning file are for, and look like. */
export const SHAPES: Readonly<Record<FineTuningTarget, string>> = {
  completion: "A base model: each row is a prompt and a completion.",
  chat: "A chat model: each row is a list of messages.",
  local: "The base of this page, to train a LoRA on your own GPU.",
};
