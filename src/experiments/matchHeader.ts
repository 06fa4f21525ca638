import { type Dialogue, formatTranscript } from "../domain/dialogue";
import type { RunHeader } from "../domain/run";
import { sha256 } from "../domain/sha256";
import type { TargetSamplerName } from "../domain/targets";
import type { SamplingParameters } from "../runtimes/policy";

/** What the rows of a match depend on, but for the prompts and the model files. */
export interface MatchSettings {
  readonly n: number;
  readonly targets: TargetSamplerName;
  readonly seed: number;
  readonly bestOf: number;
  /** Whether the prompts ask for other targets than those compared. */
  readonly shuffled: boolean;
  readonly sampling: SamplingParameters;
}

/**
 * The header of a match's run file; the prompts are in it by the sha256 of their transcripts.
 * @param models sha256 of each model file used, by path.
 */
export async function matchHeader(
  { n, targets, seed, bestOf, shuffled, sampling }: MatchSettings,
  prompts: readonly Dialogue[],
  models: RunHeader["models"],
): Promise<RunHeader> {
  const options = { n, targets, seed, bestOf, shuffled, sampling, prompts: await promptsHash(prompts) };
  return { kind: "match", version: 1, options, models };
}

/** sha256 of the prompts' transcripts, as a run's header names them. */
export async function promptsHash(prompts: readonly Dialogue[]): Promise<string> {
  return sha256(new TextEncoder().encode(JSON.stringify(prompts.map(formatTranscript))));
}
