/** What the decode loop is asked for and gives, in tokens. */

import type { SamplingParameters } from "../policy";

export interface TokenRequest {
  /** Token ids of the prompt, at least one. */
  readonly ids: readonly number[];
  /** Token ids of the same prompt with the null reward; read where guidance is not 1. */
  readonly nullIds: readonly number[];
  readonly seed: number;
  readonly row: number;
  readonly sampling: SamplingParameters;
}

export interface TokenCompletion {
  /** Sampled tokens, the end token included. */
  readonly tokens: readonly number[];
  readonly logprob: number;
  readonly finish: "stop" | "length";
}

/** What it returns as true ends the completion with this token. */
export type OnToken = (index: number, token: number) => unknown;
