import type { Dialogue } from "../domain/dialogue";
import type { Target } from "../domain/reward";
import type { Row } from "../domain/row";
import type { SamplingParameters } from "../runtimes/policy";

/** What a match is asked for. */
export interface MatchOptions {
  /** At least one; each ends with a human turn. Rows take them in this order, see runPrompts. */
  readonly prompts: readonly Dialogue[];
  /** Rows wanted, >= 1. More rows than prompts use prompts again, with other targets. */
  readonly n: number;
  /** The target that a row's completion is compared with; see domain/targets. */
  readonly sampler: (seed: number, row: number) => Target;
  /** The target written into the prompt, where it is not that of `sampler`; null writes the null reward. */
  readonly promptedSampler?: (seed: number, row: number) => Target | null;
  /** uint32 */
  readonly seed: number;
  /** Candidates a row, >= 1; the one nearest to the target by the judge is kept. */
  readonly bestOf: number;
  readonly sampling: SamplingParameters;
  /** Rows of an earlier part of the same run, in any order; they are not made again. */
  readonly done?: readonly Row[];
  readonly signal?: AbortSignal;
}
