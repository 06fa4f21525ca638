/** How a run's completions read, whatever rewards they have. */

import { fsum, sum } from "d3";
import type { Row } from "../domain/row";
import { distinct2 } from "../domain/statistics/distinct";

/** A figure is null where the rows do not determine it. */
export interface TextFigures {
  /** Distinct-2 of all completions, see domain/statistics. It falls the more there are: compare as many. */
  readonly distinct_2: number | null;
  /**
   * Mean natural log-probability of a sampled token under the policy, at temperature 1 and with the rewards asked for in
   * its prompt; null where a row has none.
   */
  readonly logprob_per_token: number | null;
}

export function textFigures(rows: readonly Row[]): TextFigures {
  return {
    distinct_2: distinct2(rows.map(({ completion }) => completion)),
    logprob_per_token: logprob(rows),
  };
}

/** Summed exactly, so that a resumed run, whose rows stand in another order, gets the same bits. */
function logprob(rows: readonly Row[]): number | null {
  const count = sum(rows, ({ tokens }) => tokens);
  if (count === 0 || rows.some(({ logprob }) => logprob === null)) return null;
  return fsum(rows, ({ logprob }) => logprob) / count;
}
