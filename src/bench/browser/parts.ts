/** What every part of the benchmark in a browser is given. */

import type { Page } from "playwright-core";
import type { BenchProgress, BenchResult } from "../../experiments/byTurns";
import type { BenchDevice } from "./openedRuntime";

export interface PartOptions {
  readonly device: BenchDevice;
  /** A page with the benchmark's interface, in a browser context of its own. */
  readonly openPage: () => Promise<Page>;
  readonly repeats: number;
  /** New tokens a row. */
  readonly tokens: number;
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Runs a benchmark and says how far it is. */
export async function finish(run: AsyncGenerator<BenchProgress, BenchResult>): Promise<BenchResult> {
  let next = await run.next();
  for (; !next.done; next = await run.next()) say(`${next.value.runs}/${next.value.of} runs`);
  return next.value;
}
