import type { Dialogue } from "../domain/dialogue";
import { candidateSeed } from "../domain/random";
import type { Target } from "../domain/reward";
import type { CompletionRequest, SamplingParameters } from "../runtimes/policy";
import type { MatchOptions } from "./matchOptions";

/** What is to be sampled for a row, before anything is. */
export interface PlannedRow {
  readonly row: number;
  readonly dialogue: Dialogue;
  /** The target that the completion is compared with. */
  readonly target: Target;
  /** One request a candidate; candidate 0 has the run's own seed. */
  readonly requests: readonly CompletionRequest[];
}

export interface RowToPlan {
  readonly row: number;
  readonly dialogue: Dialogue;
  readonly target: Target;
  /** The target written into the prompt, where it is another one; null writes the null reward. */
  readonly promptedTarget?: Target | null;
  readonly seed: number;
  readonly bestOf: number;
  readonly sampling: SamplingParameters;
}

export function planRow({
  row,
  dialogue,
  target,
  promptedTarget = target,
  seed,
  bestOf,
  sampling,
}: RowToPlan): PlannedRow {
  const requests = Array.from({ length: bestOf }, (_, candidate) => ({
    dialogue,
    target: promptedTarget,
    seed: candidateSeed(seed, candidate),
    row,
    sampling,
  }));
  return { row, dialogue, target, requests };
}

/** Plans any row of a match; what it plans depends on the options and the row alone. */
export function rowPlanner(options: MatchOptions): (row: number) => PlannedRow {
  const { prompts, seed, bestOf, sampling, sampler, promptedSampler = sampler } = options;
  return (row) => {
    const dialogue = prompts[row % prompts.length] as Dialogue;
    const target = sampler(seed, row);
    return planRow({
      row,
      dialogue,
      target,
      promptedTarget: promptedSampler(seed, row),
      seed,
      bestOf,
      sampling,
    });
  };
}
