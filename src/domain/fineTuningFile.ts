/** A finished file to fine-tune a policy on: made by the dataset page, uploaded or saved by others. */

import type { FineTuningTarget } from "./fineTuning";
import type { PromptFormat } from "./rewardPrompt";

export type Split = "train" | "validation";

export interface FineTuningFile {
  /** With its ending: "train.jsonl". */
  readonly name: string;
  readonly split: Split;
  /** The shape of its lines. */
  readonly target: FineTuningTarget;
  /** How its prompts give rewards. */
  readonly format: PromptFormat;
  /** Name of the model whose length limit and tokens were checked. */
  readonly model: string;
  /** JSON Lines in UTF-8. */
  readonly content: Blob;
  readonly rows: number;
  /** Of all rows, in the model's own encoding; one epoch trains on as many. */
  readonly tokens: number;
}
