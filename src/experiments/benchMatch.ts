/** How fast programs do the rows of one match: a completion of each prompt, and its score. */

import { type BenchProgress, type BenchResult, byTurns, type TurnOptions } from "./byTurns";

export interface MatchTiming {
  /** Milliseconds until the last score, from the call. */
  readonly total: number;
  /** Tokens sampled. */
  readonly tokens: number;
}

export interface MatchContestant {
  readonly name: string;
  /** Rows that it does in a run at most: where it does one after another, some of them say what all would take. */
  readonly mostRows: number;
  /** Does `rows` rows of the match of this seed, from row `from` on. */
  run(seed: number, from: number, rows: number): Promise<MatchTiming>;
}

export interface MatchBenchOptions extends TurnOptions {
  /** Of the match. */
  readonly rows: number;
}

const WARM_UP_ROWS = 2;

/**
 * Figures by name: `match_ms_a_row`, time of a row from end to end; `match_tokens_a_row`, tokens sampled in it.
 * Each repeat is a match of another seed, and those who do fewer rows do others in each.
 * @throws DialError "aborted" on stop, between two runs.
 */
export function benchMatch(
  contestants: readonly MatchContestant[],
  { rows, ...options }: MatchBenchOptions,
): AsyncGenerator<BenchProgress, BenchResult> {
  const who = contestants.map((_, index) => index);
  return byTurns(
    contestants.map(({ name }) => name),
    [
      {
        who,
        async run(index, repeat) {
          const { mostRows, run } = contestants[index] as MatchContestant;
          const count = Math.min(rows, mostRows, repeat < 0 ? WARM_UP_ROWS : rows);
          // The rows before the first repeat are those after the match.
          const from = repeat < 0 ? rows : (repeat * count) % (rows - count + 1);
          const { total, tokens } = await run(repeat + 1, from, count);
          return { match_ms_a_row: total / count, match_tokens_a_row: tokens / count };
        },
      },
    ],
    options,
  );
}
