/** A match from end to end, as the page runs it, beside a plain loop of `generate` and score. */

import { benchMatch, type MatchContestant } from "../../experiments/benchMatch";
import { finish, type PartOptions, say } from "./parts";

export interface MatchPartOptions extends PartOptions {
  readonly rows: number;
  /** Rows that the loop goes through, others in each repeat. */
  readonly loopRows: number;
}

export async function measureMatch({ device, openPage, rows, loopRows, tokens, repeats }: MatchPartOptions) {
  // transformers.js has to be told the shape of the cache before it loads the graph.
  const first = await openPage();
  const { inputs } = await first.evaluate((on) => globalThis.bench.open("own", on, []), device);
  await first.context().close();
  const contestants: MatchContestant[] = [];
  const pages = [];
  for (const runtime of ["own", "generate"] as const) {
    say(`opening a match of ${runtime}`);
    const page = await openPage();
    pages.push(page);
    const found = await page.evaluate(([name, request]) => globalThis.bench.openMatch(name, request), [
      runtime,
      { device, inputs, tokens, loopRows },
    ] as const);
    contestants.push({
      ...found,
      run: (...work) => page.evaluate((asked) => globalThis.bench.runMatch(...asked), work),
    });
  }
  const result = await finish(benchMatch(contestants, { rows, repeats }));
  for (const page of pages) await page.context().close();
  return { rows, loop_rows: loopRows, tokens, ...result };
}
