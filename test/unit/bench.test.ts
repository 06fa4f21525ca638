import { describe, expect, test } from "vitest";
import { type BenchOptions, type BenchResult, bench, type Contestant } from "../../src/experiments/bench";

const LONG = [1, 2, 3, 4, 5, 6, 7, 8];
const SHORT = [1, 2];
const OPTIONS: BenchOptions = { longPrompt: LONG, shortPrompt: SHORT, tokens: 11, repeats: 3 };

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
    async run(ids, rows, tokens) {
      calls.push({ name, ids, rows, tokens });
      const pace = paces[Math.floor(run++ / 3)] as number;
      return { first: pace * ids.length, rest: pace * rows * (tokens - 1) };
    },
  };
}

async function result(
  ours: Contestant,
  peer: Contestant,
  options: Partial<BenchOptions> = {},
): Promise<BenchResult> {
  const run = bench(ours, peer, { ...OPTIONS, ...options });
  let next = await run.next();
  while (!next.done) next = await run.next();
  return next.value;
}

describe("a benchmark", () => {
  test("gives medians and ranges of the repeats, without the warm-up, and ratios repeat by repeat", async () => {
    const found = await result(contestant("ours", [99, 1, 4, 2]), contestant("peer", [99, 4, 5, 4]));
    const each = (entry: unknown) => ({
      prefill_tok_s: entry,
      decode_tok_s_1: entry,
      decode_tok_s_16: entry,
    });
    expect(found).toEqual({
      ...each(500),
      range: each([250, 1000]),
      peer: { name: "peer", ...each(250), range: each([200, 250]) },
      ratio: { ...each(2), range: each([1.25, 4]) },
      repeats: 3,
      prompt_tokens: { prefill: 8, decode: 2 },
      new_tokens: 11,
    });
  });

  test("runs the same work for both, by turns, each going first in turn", async () => {
    const calls: Call[] = [];
    const paces = [1, 1, 1];
    await result(contestant("ours", paces, calls), contestant("peer", paces, calls), { repeats: 2 });
    const work = [
      { ids: LONG, rows: 1, tokens: 1 },
      { ids: SHORT, rows: 1, tokens: 11 },
      { ids: SHORT, rows: 16, tokens: 11 },
    ];
    const round = (...names: string[]) => work.flatMap((job) => names.map((name) => ({ name, ...job })));
    expect(calls).toEqual([...round("ours", "peer"), ...round("ours", "peer"), ...round("peer", "ours")]);
  });

  test("tells how far it is", async () => {
    const run = bench(contestant("ours", [1, 1]), contestant("peer", [1, 1]), { ...OPTIONS, repeats: 1 });
    const seen: unknown[] = [];
    for await (const progress of run) seen.push(progress);
    expect(seen).toHaveLength(6);
    expect(seen.at(-1)).toEqual({ kind: "progress", runs: 6, of: 6 });
  });

  test("is stopped between two runs", async () => {
    const stop = new AbortController();
    const calls: Call[] = [];
    const ours: Contestant = {
      name: "ours",
      run: async (ids, rows, tokens) => {
        calls.push({ name: "ours", ids, rows, tokens });
        stop.abort();
        return { first: 1, rest: 1 };
      },
    };
    await expect(result(ours, ours, { signal: stop.signal })).rejects.toMatchObject({ code: "aborted" });
    expect(calls).toHaveLength(1);
  });
});
