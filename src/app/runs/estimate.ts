/** What a run will cost, before it starts. */

import type { Condition } from "../../experiments/studies/study";

export interface RunCost {
  readonly rows: number;
  readonly completions: number;
  /** Rows of the policy's batch over all completions: a guided one takes two. */
  readonly samples: number;
}

/** @param done rows that are there already, by condition. */
export function runCost(
  conditions: readonly Pick<Condition, "name" | "bestOf" | "guidance">[],
  n: number,
  done: ReadonlyMap<string, number> = new Map(),
): RunCost {
  let [rows, completions, samples] = [0, 0, 0];
  for (const { name, bestOf, guidance } of conditions) {
    const left = Math.max(0, n - (done.get(name) ?? 0));
    rows += left;
    completions += left * bestOf;
    samples += left * bestOf * (guidance === 1 ? 1 : 2);
  }
  return { rows, completions, samples };
}

/** Share of the tokens allowed that a completion takes; most end by themselves. */
const FILL = 0.75;

/** @returns seconds, by the pace that was measured. */
export function runSeconds({ samples }: RunCost, maxTokens: number, tokensPerSecond: number): number {
  return (samples * maxTokens * FILL) / tokensPerSecond;
}
