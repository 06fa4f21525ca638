import { describe, expect, test } from "vitest";
import { leastStep, stepWork } from "../../src/bench/roofline";
import { type BenchOptions, bench, type Contestant } from "../../src/experiments/bench";
import { benchMatch, type MatchContestant } from "../../src/experiments/benchMatch";
import type { BenchProgress, BenchResult } from "../../src/experiments/byTurns";

const LONG = [1, 2, 3, 4, 5, 6, 7, 8];
const SHORT = [1, 2];
const OPTIONS: BenchOptions = { longPrompt: LONG, shortPrompt: SHORT, rows: [1, 16], tokens: 11, repeats: 3 };
/** Of one contestant in one repeat. */
const WORKS = 3;

interface Call {
  readonly name: string;
  readonly ids: readonly number[];
  readonly rows: number;
  readonly tokens: number;
}

/** Takes the k-th of `paces` milliseconds a token in its k-th repeat; the one before them is the warm-up's. */
function contestant(name: string, paces: readonly number[], calls: Call[] = []): Contestant {
  let run = 0;
  return {
    name,
    mostRows: 16,
    async run(ids, rows, tokens) {
      calls.push({ name, ids, rows, tokens });
      const first = (paces[Math.floor(run++ / WORKS)] as number) * ids.length;
      return { first, total: first * (1 + rows * (tokens - 1)) };
    },
  };
}

async function result(
  contestants: readonly Contestant[],
  options: Partial<BenchOptions> = {},
): Promise<BenchResult> {
  return finish(bench(contestants, { ...OPTIONS, ...options }));
}

async function finish(run: AsyncGenerator<BenchProgress, BenchResult>): Promise<BenchResult> {
  let next = await run.next();
  while (!next.done) next = await run.next();
  return next.value;
}

describe("a benchmark", () => {
  test("gives medians and ranges of the repeats, without the warm-up, and ratios repeat by repeat", async () => {
    const found = await result([contestant("ours", [99, 1, 4, 2]), contestant("peer", [99, 4, 5, 4])]);
    expect(found.figures).toMatchObject({
      prefill_tok_s: { median: 500, range: [250, 1000] },
      first_token_ms_8: { median: 16, range: [8, 32] },
      first_token_ms_2: { median: 4, range: [2, 8] },
      decode_tok_s_1: { median: 250, range: [125, 500] },
      step_ms_1: { median: 4, range: [2, 8] },
      step_ms_16: { median: 64, range: [32, 128] },
    });
    const ratio = { median: 2, range: [1.25, 4] };
    expect(found.peers).toMatchObject([{ name: "peer", figures: { prefill_tok_s: { median: 250 } } }]);
    expect(found.peers[0]?.ratio).toEqual(
      Object.fromEntries(Object.keys(found.figures).map((name) => [name, ratio])),
    );
  });

  test("runs the same work for all, by turns, each going first in turn", async () => {
    const calls: Call[] = [];
    const paces = [1, 1, 1];
    await result([contestant("ours", paces, calls), contestant("peer", paces, calls)], { repeats: 2 });
    const work = [
      { ids: LONG, rows: 1, tokens: 1 },
      { ids: SHORT, rows: 1, tokens: 11 },
      { ids: SHORT, rows: 16, tokens: 11 },
    ];
    const round = (...names: string[]) => work.flatMap((job) => names.map((name) => ({ name, ...job })));
    expect(calls).toEqual([...round("ours", "peer"), ...round("ours", "peer"), ...round("peer", "ours")]);
  });

  test("asks nobody for more rows than it takes", async () => {
    const calls: Call[] = [];
    const few = { ...contestant("few", [1, 1], calls), mostRows: 1 };
    const found = await result([contestant("ours", [1, 1]), few], { repeats: 1 });
    expect(Math.max(...calls.map(({ rows }) => rows))).toBe(1);
    expect(found.peers[0]?.ratio).not.toHaveProperty("decode_tok_s_16");
    expect(found.figures).toHaveProperty("decode_tok_s_16");
  });

  test("tells how far it is", async () => {
    const run = bench([contestant("ours", [1, 1]), contestant("peer", [1, 1])], { ...OPTIONS, repeats: 1 });
    const seen: unknown[] = [];
    for await (const progress of run) seen.push(progress);
    expect(seen).toHaveLength(6);
    expect(seen.at(-1)).toEqual({ kind: "progress", runs: 6, of: 6 });
  });

  test("is stopped between two runs", async () => {
    const stop = new AbortController();
    const calls: Call[] = [];
    const ours = contestant("ours", [1], calls);
    const stopping: Contestant = {
      ...ours,
      async run(...work) {
        stop.abort();
        return ours.run(...work);
      },
    };
    await expect(result([stopping, ours], { signal: stop.signal })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(calls).toHaveLength(1);
  });
});

describe("a benchmark of a match", () => {
  test("compares the time of a row, also with one who does few, and each repeat does others", async () => {
    const calls: [string, ...number[]][] = [];
    const contestant = (name: string, mostRows: number, pace: number): MatchContestant => ({
      name,
      mostRows,
      async run(seed, from, rows) {
        calls.push([name, seed, from, rows]);
        return { total: rows * pace, tokens: rows * 20 };
      },
    });
    const both = [contestant("ours", Number.POSITIVE_INFINITY, 5), contestant("loop", 4, 30)];
    const found = await finish(benchMatch(both, { rows: 10, repeats: 2 }));
    expect(found.figures.match_ms_a_row).toEqual({ median: 5, range: [5, 5] });
    expect(found.peers[0]).toMatchObject({
      name: "loop",
      figures: { match_ms_a_row: { median: 30 }, match_tokens_a_row: { median: 20 } },
      ratio: { match_ms_a_row: { median: 6 }, match_tokens_a_row: { median: 1 } },
    });
    expect(calls).toEqual([
      ["ours", 0, 10, 2],
      ["loop", 0, 10, 2],
      ["ours", 1, 0, 10],
      ["loop", 1, 0, 4],
      ["loop", 2, 4, 4],
      ["ours", 2, 0, 10],
    ]);
  });
});

describe("the roofline", () => {
  const tensor = (name: string, bytes: number, make: object) => {
    return { name, offset: 0, bytes, make: { from: name, ...make } };
  };
  const adapter = {
    bytes: 40,
    tensors: [
      { name: "a", offset: 0, bytes: 40, make: { kind: "lora-a", layer: 0, modules: [], rank: 1, in: 10 } },
    ],
  } as const;

  test("counts the weights' bytes, and a multiply-add for each 8-bit part of an activation", () => {
    const weights = (parts: 1 | 2) => tensor(`w${parts}`, 100, { kind: "int8", parts });
    const int8 = {
      base: { bytes: 228, tensors: [weights(1), weights(2)] },
      adapter: { ...adapter, tensors: [...adapter.tensors] },
    };
    expect(stepWork(int8 as never)).toEqual({ bytes: 268, macs: { int8: 300, float32: 10 } });
    const nbits = { ...int8, base: { bytes: 64, tensors: [tensor("w.packed", 50, { kind: "copy" })] } };
    expect(stepWork(nbits as never)).toEqual({ bytes: 104, macs: { int8: 0, float32: 110 } });
  });

  test("is the memory's for few rows and the arithmetic's for many", () => {
    const machine = { bandwidth: 1000, peak: { int8: 4000, float32: 1000 } };
    const work = { bytes: 100, macs: { int8: 40, float32: 10 } };
    expect(leastStep(work, machine, 1)).toBe(100);
    expect(leastStep(work, machine, 16)).toBeCloseTo(16 * 20);
  });
});
