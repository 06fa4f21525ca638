/** The models that a dataset can be written for. */

import table from "../../data/fineTuningModels.json";
import { DialError } from "../errors";
import type { FineTuningTarget } from "../fineTuning";

export type Encoding = "cl100k_base" | "o200k_base" | "smollm2";

export interface TargetModel {
  readonly name: string;
  readonly target: FineTuningTarget;
  readonly encoding: Encoding;
  /** Tokens that a row may have. */
  readonly context: number;
  /** US dollars for a million tokens trained on; 0 where one trains oneself. To be checked with the provider. */
  readonly price: number;
}

export const TARGET_MODELS = table.models as readonly TargetModel[];
/** The month that the prices were noted in, and from where. */
export const PRICES_AS_OF = table.asOf;
export const PRICES_SOURCE = table.source;

/** @throws DialError "invalid-option" naming the models there are. */
export function targetModel(name: string): TargetModel {
  const found = TARGET_MODELS.find((model) => model.name === name);
  if (found) return found;
  const known = TARGET_MODELS.map((model) => model.name).join(", ");
  throw new DialError("invalid-option", `unknown model: ${JSON.stringify(name)}; expected one of ${known}`);
}

/** US dollars. */
export function trainingCost(tokens: number, epochs: number, price: number): number {
  return (tokens * epochs * price) / 1_000_000;
}
