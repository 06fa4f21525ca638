/** How fast programs complete the same prompts, measured by turns in one run. */

import { extent, median } from "simple-statistics";
import { DialError } from "../domain/errors";

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

export interface BenchOptions {
  /** Token ids of the prompt that is only read. */
  readonly longPrompt: readonly number[];
  /** Token ids of the prompt that is completed. */
  readonly shortPrompt: readonly number[];
  /** Numbers of rows to complete it in. */
  readonly rows: readonly number[];
  /** Sampled tokens a row, >= 2. */
  readonly tokens: number;
  /** Timed runs of each work, >= 1. */
  readonly repeats: number;
  readonly signal?: AbortSignal;
}

export interface Figure {
  readonly median: number;
  /** Lowest and highest of the repeats. */
  readonly range: readonly [number, number];
}

/**
 * By name: `prefill_tok_s`, tokens of the long prompt a second until the first sampled one; `first_token_ms_P`, time to
 * the first token of a prompt of P tokens; `decode_tok_s_R`, sampled tokens a second of R rows of the short prompt,
 * the prompt included; `step_ms_R`, time of one token of all rows after the first.
 */
export type Figures = Readonly<Record<string, Figure>>;

export interface Compared {
  readonly name: string;
  readonly figures: Figures;
  /** How many times as fast the first contestant is, repeat by repeat. */
  readonly ratio: Figures;
}

export interface BenchResult {
  readonly figures: Figures;
  readonly peers: readonly Compared[];
}

export interface BenchProgress {
  readonly kind: "progress";
  /** Runs done, of all timed ones. */
  readonly runs: number;
  readonly of: number;
}

interface Work {
  readonly ids: readonly number[];
  readonly rows: number;
  readonly tokens: number;
  /** What a timing says, each larger where it is faster, or a time. */
  figures(timing: Timing): Readonly<Record<string, number>>;
}

type Samples = Map<string, number[]>;

/**
 * The contestants take turns within each repeat, and take turns in going first; one run of each before is not timed.
 * @throws DialError "aborted" on stop, between two runs.
 */
export async function* bench(
  contestants: readonly Contestant[],
  options: BenchOptions,
): AsyncGenerator<BenchProgress, BenchResult> {
  const { repeats, signal } = options;
  const works = worksOf(options);
  const turns = works.map((work) => ({
    work,
    who: contestants.flatMap(({ mostRows }, index) => (mostRows >= work.rows ? [index] : [])),
  }));
  const of = repeats * turns.reduce((sum, { who }) => sum + who.length, 0);
  const samples = contestants.map((): Samples => new Map());
  let runs = 0;
  for (let repeat = -1; repeat < repeats; repeat++) {
    for (const { work, who } of turns) {
      for (let turn = 0; turn < who.length; turn++) {
        if (signal?.aborted) throw new DialError("aborted", "the benchmark was stopped", true);
        const index = who[(turn + Math.max(repeat, 0)) % who.length] as number;
        const timing = await (contestants[index] as Contestant).run(work.ids, work.rows, work.tokens);
        if (repeat < 0) continue;
        for (const [name, value] of Object.entries(work.figures(timing))) {
          const found = samples[index] as Samples;
          found.set(name, [...(found.get(name) ?? []), value]);
        }
        yield { kind: "progress", runs: ++runs, of };
      }
    }
  }
  const [own, ...others] = samples as [Samples, ...Samples[]];
  return {
    figures: summary(own),
    peers: others.map((other, index) => ({
      name: (contestants[index + 1] as Contestant).name,
      figures: summary(other),
      ratio: summary(ratios(own, other)),
    })),
  };
}

function worksOf({ longPrompt, shortPrompt, rows, tokens }: BenchOptions): Work[] {
  const long: Work = {
    ids: longPrompt,
    rows: 1,
    tokens: 1,
    figures: ({ first }) => ({
      prefill_tok_s: (longPrompt.length / first) * 1000,
      [`first_token_ms_${longPrompt.length}`]: first,
    }),
  };
  const completed = rows.map(
    (count): Work => ({
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
  return [long, ...completed];
}

/** Of speeds ours over the other's, of times the other's over ours: above 1 is faster. */
function ratios(own: Samples, other: Samples): Samples {
  const found: Samples = new Map();
  for (const [name, theirs] of other) {
    const ours = own.get(name) as number[];
    const faster = (a: number, b: number) => (name.includes("_ms_") ? b / a : a / b);
    found.set(
      name,
      theirs.map((value, repeat) => faster(ours[repeat] as number, value)),
    );
  }
  return found;
}

function summary(samples: Samples): Figures {
  return Object.fromEntries(
    [...samples].map(([name, values]) => {
      const [low, high] = extent(values);
      return [name, { median: round(median(values)), range: [round(low), round(high)] as const }];
    }),
  );
}

/** Two decimals: more would be noise. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
