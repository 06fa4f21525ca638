import { ownPrompts } from "../data/ownPrompts";
import type { Reference } from "../domain/reference";
import { targetSampler } from "../domain/targets";
import type { MatchOptions } from "../experiments/matchOptions";
import { DEFAULT_SAMPLING } from "../runtimes/policy";

export type MatchOf = (seed: number, from: number, rows: number) => MatchOptions;

/** Matches of our own prompts, taken from the place `from` on, with targets drawn evenly and `tokens` a row at most. */
export function matchOf(reference: Reference, tokens: number): MatchOf {
  const prompts = ownPrompts({ onePrompt: false });
  const sampler = targetSampler("uniform", reference);
  const sampling = { ...DEFAULT_SAMPLING, maxTokens: tokens };
  return (seed, from, rows) => {
    const start = from % prompts.length;
    const taken = [...prompts.slice(start), ...prompts.slice(0, start)];
    return { prompts: taken, n: rows, sampler, seed, bestOf: 1, sampling };
  };
}
