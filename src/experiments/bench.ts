/** How fast programs complete the same prompts. */

import { type BenchProgress, type BenchResult, byTurns, type TurnOptions, type Work } from "./byTurns";

/** Milliseconds of one run, from the call. */
export interface Timing {
  /** Until the first token of any row. */
  readonly first: number;
  /** Until the last token of the last row. */
  readonly total: number;
}

export interface Contestant {
  readonly name: string;
  /** Rows that it is asked for at most, where more would take too long to wait for. */
  readonly mostRows: number;
  /** Completes one prompt in `rows` rows of exactly `tokens` sampled tokens each. */
  run(ids: readonly number[], rows: number, tokens: number): Promise<Timing>;
}

export interface BenchOptions extends TurnOptions {
  /** Token ids of the prompt that is only read. */
  readonly longPrompt: readonly number[];
  /** Token ids of the prompt that is completed. */
  readonly shortPrompt: readonly number[];
  /** Numbers of rows to complete it in. */
  readonly rows: readonly number[];
  /** Sampled tokens a row, >= 2. */
  readonly tokens: number;
}

interface Completing extends Pick<BenchOptions, "tokens"> {
  readonly ids: readonly number[];
  readonly rows: number;
  figures(timing: Timing): Readonly<Record<string, number>>;
}

/**
 * Figures by name: `prefill_tok_s`, tokens of the long prompt a second until the first sampled one; `first_token_ms_P`,
 * time to the first token of a prompt of P tokens; `decode_tok_s_R`, sampled tokens a second of R rows of the short
 * prompt, the prompt included; `step_ms_R`, time of one token of all rows after the first.
 * @throws DialError "aborted" on stop, between two runs.
 */
export function bench(
  contestants: readonly Contestant[],
  options: BenchOptions,
): AsyncGenerator<BenchProgress, BenchResult> {
  const works = completing(options).map(
    ({ ids, rows, tokens, figures }): Work => ({
      who: contestants.flatMap(({ mostRows }, index) => (mostRows >= rows ? [index] : [])),
      run: async (index) => figures(await (contestants[index] as Contestant).run(ids, rows, tokens)),
    }),
  );
  return byTurns(
    contestants.map(({ name }) => name),
    works,
    options,
  );
}

function completing({ longPrompt, shortPrompt, rows, tokens }: BenchOptions): Completing[] {
  const long: Completing = {
    ids: longPrompt,
    rows: 1,
    tokens: 1,
    figures: ({ first }) => ({
      prefill_tok_s: (longPrompt.length / first) * 1000,
      [`first_token_ms_${longPrompt.length}`]: first,
    }),
  };
  const short = rows.map(
    (count): Completing => ({
      ids: shortPrompt,
      rows: count,
      tokens,
      figures: ({ first, total }) => ({
        ...(count === 1 && { [`first_token_ms_${shortPrompt.length}`]: first }),
        [`decode_tok_s_${count}`]: ((count * tokens) / total) * 1000,
        [`step_ms_${count}`]: (total - first) / (tokens - 1),
      }),
    }),
  );
  return [long, ...short];
}
