import type { RunHeader } from "../domain/run";
import type { SamplingParameters } from "../runtimes/policy";
import type { MatchTargets } from "./matchTargets";

/** What the rows of a match depend on, but for the prompts and the model files. */
export interface MatchSettings {
  readonly n: number;
  readonly targets: MatchTargets;
  readonly seed: number;
  readonly bestOf: number;
  /** Whether the prompts ask for other targets than those compared. */
  readonly shuffled: boolean;
  readonly sampling: SamplingParameters;
}

/**
 * The header of a match's run file.
 * @param prompts sha256 of the source that they are from, see runPrompts.
 * @param policy its name: two may share a file, and differ in how they are asked.
 * @param models sha256 of each model file used, by path.
 * @param judge its name, where it is not the default one: files alone do not tell which of two judges is which.
 */
export function matchHeader(
  { n, targets, seed, bestOf, shuffled, sampling }: MatchSettings,
  prompts: string,
  policy: string,
  models: RunHeader["models"],
  judge: string | null = null,
): RunHeader {
  const options = { n, targets, seed, bestOf, shuffled, sampling, prompts, policy, ...(judge && { judge }) };
  return { kind: "match", version: 1, options, models };
}
