/** A policy writes completions of a dialogue, conditioned on the rewards asked for. */

import type { Dialogue } from "../domain/dialogue";
import type { Axis, Target } from "../domain/reward";

export interface SamplingParameters {
  /** Softmax temperature, > 0; 0 means greedy. */
  readonly temperature: number;
  /** Nucleus mass kept, in (0, 1]; 1 keeps everything. */
  readonly topP: number;
  /** Number of likeliest tokens kept; 0 keeps everything. */
  readonly topK: number;
  /** Tokens less likely than this share of the likeliest's probability are dropped, in [0, 1]; none where left out. */
  readonly minP?: number;
  /** Divides the logits of tokens that the prompt or the completion has already, > 0; 1, none, where left out. */
  readonly repetitionPenalty?: number;
  /** The completion ends before the first of these texts, none of them empty; no such texts where left out. */
  readonly stop?: readonly string[];
  /** Completions are cut after this many tokens, >= 1. */
  readonly maxTokens: number;
  /** Guidance weight w: logits = null + w (conditioned - null). 1 is no guidance and costs nothing. */
  readonly guidance: number;
}

export const DEFAULT_SAMPLING: SamplingParameters = {
  temperature: 1,
  topP: 1,
  topK: 0,
  maxTokens: 96,
  guidance: 1,
};

export interface CompletionRequest {
  readonly dialogue: Dialogue;
  /** null asks with the null reward (`<REWARD>` with no value). */
  readonly target: Target | null;
  /** uint32. With `row` it fixes the completion, whatever is sampled beside it. */
  readonly seed: number;
  /** uint32 */
  readonly row: number;
  readonly sampling: SamplingParameters;
}

export interface Completion {
  /** The exact text that the policy was prompted with, control tokens written out. */
  readonly prompted: string;
  readonly text: string;
  /** Number of tokens sampled, the end token or those of a stop text included. */
  readonly tokens: number;
  /**
   * Sum over the sampled tokens of the natural log-probability at temperature 1, before top-k, top-p and guidance; null
   * where the policy does not tell.
   */
  readonly logprob: number | null;
  readonly finish: "stop" | "length";
}

export interface SampleOptions {
  /** Stops within one token; the generator then throws DialError "aborted". */
  readonly signal?: AbortSignal;
  /** Called for each token of each request with the completion's text so far. */
  readonly onToken?: (index: number, textSoFar: string) => void;
}

export interface Policy {
  /** Name of the adapter or remote model, as it is written into a run. */
  readonly name: string;
  /** Rewards that its prompts give, none where it knows none; both where left out. */
  readonly axes?: readonly Axis[];
  /**
   * Refuses a prompt that is too long up front, for a run that would meet it late. Left out where there is no limit.
   * @throws DialError "prompt-too-long" quoting the prompt.
   */
  check?(requests: readonly CompletionRequest[]): Promise<void>;
  /** Yields each completion when it is finished, in any order; `index` is its place in `requests`. */
  sample(
    requests: readonly CompletionRequest[],
    options?: SampleOptions,
  ): AsyncGenerator<{ readonly index: number; readonly completion: Completion }, void>;
}
