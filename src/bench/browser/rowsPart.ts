/** Rows of one prompt: ours, `generate` and wllama, with the memory that each takes. */

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { bench, type Contestant } from "../../experiments/bench";
import { benchPrompt } from "../prompt";
import type { OpenedPage, Runtime } from "./page";
import { finish, type PartOptions, say } from "./parts";

const ROOFLINE_ROWS = 16;

export interface RowsOptions extends PartOptions {
  readonly runtimes: readonly Runtime[];
  readonly rows: readonly number[];
  /** Tokens of the prompt that is only read, and of the one that is completed. */
  readonly long: number;
  readonly short: number;
}

export async function measureRows(options: RowsOptions) {
  const { device, runtimes, openPage, rows, long, short, tokens, repeats } = options;
  const pages: Page[] = [];
  const contestants: Contestant[] = [];
  let inputs: OpenedPage["inputs"] = [];
  for (const runtime of runtimes) {
    say(`opening ${runtime}`);
    const page = await openPage();
    const found = await page.evaluate(
      ([name, on, graphInputs]) => globalThis.bench.open(name, on, graphInputs),
      [runtime, device, inputs] as const,
    );
    inputs = found.inputs;
    pages.push(page);
    found.contestants.forEach(({ name, mostRows }, index) => {
      contestants.push({
        name,
        mostRows,
        run: (...work) => page.evaluate(([at, w]) => globalThis.bench.run(at, ...w), [index, work] as const),
      });
    });
  }
  const tokenizer = readFileSync("models/policy/tokenizer.json", "utf8");
  const result = await finish(
    bench(contestants, {
      longPrompt: benchPrompt(tokenizer, long),
      shortPrompt: benchPrompt(tokenizer, short),
      rows,
      tokens,
      repeats,
    }),
  );
  const least = await (pages[0] as Page).evaluate(
    (count) => globalThis.bench.leastStep(count),
    ROOFLINE_ROWS,
  );
  const step = result.figures[`step_ms_${ROOFLINE_ROWS}`]?.median;
  // The idle threads of a runtime do not answer: Chromium waits a minute for them.
  say("measuring memory");
  const bytes = await Promise.all(pages.map((page) => page.evaluate(() => globalThis.bench.memory())));
  const memory = Object.fromEntries(
    runtimes.map((runtime, index) => [runtime, Math.round((bytes[index] as number) / 2 ** 20)]),
  );
  await Promise.all(pages.map((page) => page.context().close()));
  const roofline = least === null || step === undefined ? null : { least_ms: least, share: least / step };
  return { ...result, roofline, memory_mib: memory };
}
