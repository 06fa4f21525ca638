import { checkPrompt } from "../domain/dialogue";
import { DialError } from "../domain/errors";
import type { SamplingParameters } from "../runtimes/policy";
import type { MatchOptions } from "./match";

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

/** @throws DialError "invalid-option" naming the parameter, its value and its range. */
export function checkSampling(sampling: SamplingParameters): void {
  const { temperature, topP, topK, maxTokens, guidance } = sampling;
  check("temperature", temperature, temperature >= 0 && temperature < Infinity, "a number from 0 up");
  check("top-p", topP, topP > 0 && topP <= 1, "a number in (0, 1]");
  checkWhole("top-k", topK, 0);
  checkWhole("maximum of tokens", maxTokens, 1);
  check("guidance", guidance, Number.isFinite(guidance), "a number");
}

/** @throws DialError "invalid-option" unless the value is a whole number from `least` to 2^32 - 1. */
export function checkWhole(name: string, value: number, least: number): number {
  const right = Number.isInteger(value) && value >= least && value <= UINT32_MAX;
  check(name, value, right, `a whole number from ${least} to ${UINT32_MAX}`);
  return value;
}

function check(name: string, value: number, right: boolean, expected: string): void {
  if (!right) throw new DialError("invalid-option", `invalid ${name}: ${value}; expected ${expected}`);
}
