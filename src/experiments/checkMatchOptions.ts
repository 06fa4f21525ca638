import { checkPrompt } from "../domain/dialogue";
import { DialError } from "../domain/errors";
import { checkSampling } from "../runtimes/checkSampling";
import type { MatchOptions } from "./matchOptions";

const UINT32_MAX = 0xffffffff;

/** @throws DialError "invalid-option", "empty-prompt" or "invalid-dialogue" naming what is wrong. */
export function checkMatchOptions({ prompts, n, seed, bestOf, sampling }: MatchOptions): void {
  if (prompts.length === 0) throw new DialError("empty-prompt", "no prompts: a match needs at least one");
  prompts.forEach(checkPrompt);
  checkWhole("number of rows", n, 1);
  checkWhole("best of", bestOf, 1);
  checkWhole("seed", seed, 0);
  checkSampling(sampling);
}

/** @throws DialError "invalid-option" unless the value is a whole number from `least` to 2^32 - 1. */
export function checkWhole(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= UINT32_MAX) return value;
  throw new DialError(
    "invalid-option",
    `invalid ${name}: ${value}; expected a whole number from ${least} to ${UINT32_MAX}`,
  );
}
