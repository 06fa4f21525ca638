/** What an endpoint has been asked for, and what that costs. */

export interface Usage {
  /** Answers that were paid for. */
  readonly answers: number;
  /** Answers that were kept from before and cost nothing. */
  readonly kept: number;
  /** Answers that were stopped or broke off midway: paid for too, their tokens an estimate. */
  readonly cut: number;
  /** Whole answers of which the endpoint did not tell the tokens of the prompt: those are an estimate. */
  readonly untold: number;
  /** Times that the endpoint was busy, failed or did not answer. */
  readonly retries: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export const NO_USAGE: Usage = {
  answers: 0,
  kept: 0,
  cut: 0,
  untold: 0,
  retries: 0,
  promptTokens: 0,
  completionTokens: 0,
};

export function addUsage(total: Usage, more: Partial<Usage>): Usage {
  const sum = (key: keyof Usage): number => total[key] + (more[key] ?? 0);
  return {
    answers: sum("answers"),
    kept: sum("kept"),
    cut: sum("cut"),
    untold: sum("untold"),
    retries: sum("retries"),
    promptTokens: sum("promptTokens"),
    completionTokens: sum("completionTokens"),
  };
}

/** For a million tokens each, in the currency that the user thinks in. */
export interface Prices {
  readonly prompt: number;
  readonly completion: number;
}

const MILLION = 1e6;

/** In the currency of the prices. */
export function costOf({ promptTokens, completionTokens }: Usage, { prompt, completion }: Prices): number {
  return (promptTokens * prompt + completionTokens * completion) / MILLION;
}

/** Characters of English to a token (OpenAI help, "What are tokens and how to count them"). */
const CHARACTERS = 4;

/** About how many tokens a text has, for any model: where a server does not say. */
export function estimatedTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS);
}
