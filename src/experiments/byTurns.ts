/** Measures who does the same work faster, by turns in one run. */

import { extent, median } from "simple-statistics";
import { DialError } from "../domain/errors";

/** Done by some or all contestants. */
export interface Work {
  /** Places among the contestants of those who do it. */
  readonly who: readonly number[];
  /**
   * Does it once and tells by name how that went: a time where the name has `_ms_` in it, else what is larger where it is
   * faster.
   * @param contestant its place among all.
   * @param repeat -1 for the run before all others, which does not count.
   */
  run(contestant: number, repeat: number): Promise<Readonly<Record<string, number>>>;
}

export interface TurnOptions {
  /** Runs of each work that count, >= 1. */
  readonly repeats: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Figure {
  readonly median: number;
  /** Lowest and highest of the repeats. */
  readonly range: readonly [number, number];
}

/** By the names that the works give. */
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
  /** Runs done, of all that count. */
  readonly runs: number;
  readonly of: number;
}

type Samples = Map<string, number[]>;

/**
 * The contestants take turns within each repeat, and take turns in going first; one run of each before does not count.
 * @param names of the contestants, the one that the others are compared with first.
 * @throws DialError "aborted" on stop, between two runs.
 */
export async function* byTurns(
  names: readonly string[],
  works: readonly Work[],
  { repeats, signal }: TurnOptions,
): AsyncGenerator<BenchProgress, BenchResult> {
  const of = repeats * works.reduce((sum, { who }) => sum + who.length, 0);
  const samples = names.map((): Samples => new Map());
  let runs = 0;
  for (let repeat = -1; repeat < repeats; repeat++) {
    for (const work of works) {
      const { who } = work;
      for (let turn = 0; turn < who.length; turn++) {
        if (signal?.aborted) throw new DialError("aborted", "the benchmark was stopped", true);
        const index = who[(turn + Math.max(repeat, 0)) % who.length] as number;
        const found = await work.run(index, repeat);
        if (repeat < 0) continue;
        for (const [name, value] of Object.entries(found)) {
          const known = samples[index] as Samples;
          known.set(name, [...(known.get(name) ?? []), value]);
        }
        yield { kind: "progress", runs: ++runs, of };
      }
    }
  }
  const [own, ...others] = samples as [Samples, ...Samples[]];
  return {
    figures: summary(own),
    peers: others.map((other, index) => ({
      name: names[index + 1] as string,
      figures: summary(other),
      ratio: summary(ratios(own, other)),
    })),
  };
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
  return Object.fromEntries([...samples].map(([name, values]) => [name, figureOf(values)]));
}

/** Median and range of repeats, at least one. */
export function figureOf(values: number[]): Figure {
  const [low, high] = extent(values);
  return { median: round(median(values)), range: [round(low), round(high)] };
}

/** Two decimals: more would be noise. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
