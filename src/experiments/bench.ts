/** How fast two programs complete the same prompts, measured by turns in one run. */

import { extent, median } from "simple-statistics";
import { DialError } from "../domain/errors";

/** Milliseconds of one run. */
export interface Timing {
  /** From the call until every row has its first token. */
  readonly first: number;
  /** From there to the end. */
  readonly rest: number;
}

export interface Contestant {
  readonly name: string;
  /** Completes one prompt in `rows` rows of exactly `tokens` sampled tokens each. */
  run(ids: readonly number[], rows: number, tokens: number): Promise<Timing>;
}

export interface BenchOptions {
  /** Token ids of the prompt that is only read. */
  readonly longPrompt: readonly number[];
  /** Token ids of the prompt that is completed. */
  readonly shortPrompt: readonly number[];
  /** Sampled tokens a row, >= 2; the first is not counted in the decoding speed. */
  readonly tokens: number;
  /** Timed runs of each measure, >= 1. */
  readonly repeats: number;
  readonly signal?: AbortSignal;
}

export const SPEEDS = ["prefill_tok_s", "decode_tok_s_1", "decode_tok_s_16"] as const;
export type Speed = (typeof SPEEDS)[number];

/** Lowest and highest of the repeats. */
export type Range = readonly [number, number];

/**
 * Medians of the repeats in tokens per second. prefill: prompt tokens until the first sampled one. decode: sampled
 * tokens of 1 row, or of 16 rows of one prompt together, after the first.
 */
export type Speeds = Readonly<Record<Speed, number>> & { readonly range: Readonly<Record<Speed, Range>> };

export interface BenchResult extends Speeds {
  readonly peer: Speeds & { readonly name: string };
  /** Ours over the peer's, repeat by repeat: median and range. */
  readonly ratio: Speeds;
  readonly repeats: number;
  readonly prompt_tokens: { readonly prefill: number; readonly decode: number };
  readonly new_tokens: number;
}

export interface BenchProgress {
  readonly kind: "progress";
  /** Runs done, of all timed ones. */
  readonly runs: number;
  readonly of: number;
}

/**
 * The two take turns within each repeat, and take turns in going first; one run of each before that is not timed.
 * @throws DialError "aborted" on stop, between two runs.
 */
export async function* bench(
  ours: Contestant,
  peer: Contestant,
  options: BenchOptions,
): AsyncGenerator<BenchProgress, BenchResult> {
  const { longPrompt, shortPrompt, tokens, repeats, signal } = options;
  const contestants = [ours, peer];
  const of = repeats * SPEEDS.length * contestants.length;
  const samples = contestants.map(emptySamples);
  let runs = 0;
  for (let repeat = -1; repeat < repeats; repeat++) {
    for (const speed of SPEEDS) {
      for (const turn of [0, 1]) {
        if (signal?.aborted) throw new DialError("aborted", "the benchmark was stopped", true);
        const who = (turn + Math.max(repeat, 0)) % 2;
        const value = await measure(speed, contestants[who] as Contestant);
        if (repeat < 0) continue;
        samples[who]?.[speed].push(value);
        yield { kind: "progress", runs: ++runs, of };
      }
    }
  }

  async function measure(speed: Speed, contestant: Contestant): Promise<number> {
    if (speed === "prefill_tok_s") {
      const { first } = await contestant.run(longPrompt, 1, 1);
      return (longPrompt.length / first) * 1000;
    }
    const rows = speed === "decode_tok_s_1" ? 1 : 16;
    const { rest } = await contestant.run(shortPrompt, rows, tokens);
    return ((rows * (tokens - 1)) / rest) * 1000;
  }

  const [own, others] = samples as [Samples, Samples];
  return {
    ...summary(own),
    peer: { name: peer.name, ...summary(others) },
    ratio: summary(ratios(own, others)),
    repeats,
    prompt_tokens: { prefill: longPrompt.length, decode: shortPrompt.length },
    new_tokens: tokens,
  };
}

type Samples = Record<Speed, number[]>;

function emptySamples(): Samples {
  return { prefill_tok_s: [], decode_tok_s_1: [], decode_tok_s_16: [] };
}

function ratios(ours: Samples, peer: Samples): Samples {
  const ratio = emptySamples();
  for (const speed of SPEEDS) {
    ratio[speed] = ours[speed].map((value, repeat) => value / (peer[speed][repeat] as number));
  }
  return ratio;
}

function summary(samples: Samples): Speeds {
  const [prefill, one, sixteen] = SPEEDS.map((speed) => {
    const values = samples[speed];
    const [low, high] = extent(values);
    return { middle: round(median(values)), range: [round(low), round(high)] as const };
  }) as [Summary, Summary, Summary];
  return {
    prefill_tok_s: prefill.middle,
    decode_tok_s_1: one.middle,
    decode_tok_s_16: sixteen.middle,
    range: { prefill_tok_s: prefill.range, decode_tok_s_1: one.range, decode_tok_s_16: sixteen.range },
  };
}

interface Summary {
  readonly middle: number;
  readonly range: Range;
}

/** Two decimals: more would be noise. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
