import { describe, expect, test } from "vitest";
import { question } from "../../src/domain/dialogue";
import { DialError } from "../../src/domain/errors";
import { STREAM } from "../../src/domain/random";
import type { Row } from "../../src/domain/row";
import { targetSampler } from "../../src/domain/targets";
import { type MatchEvent, type MatchReport, match } from "../../src/experiments/match";
import type { MatchOptions } from "../../src/experiments/matchOptions";
import { nearest } from "../../src/experiments/scoreRow";
import { summariseMatch } from "../../src/experiments/summariseMatch";
import { textFigures } from "../../src/experiments/textFigures";
import { DEFAULT_SAMPLING, type Policy } from "../../src/runtimes/policy";
import type { RewardModel } from "../../src/runtimes/rewardModel";
import { fakeJudge, fakePolicy } from "./fakes/models";

const REFERENCE = { helpful: [0], harmless: [0], joint: [[0.5, 0.5]] } as const;
const PROMPTS = Array.from({ length: 7 }, (_, index) => question(`Question ${index}?`));

function options(changes: Partial<MatchOptions> = {}): MatchOptions {
  const sampler = targetSampler("uniform", REFERENCE);
  return { prompts: PROMPTS, n: 20, sampler, seed: 3, bestOf: 1, sampling: DEFAULT_SAMPLING, ...changes };
}

interface Finished {
  readonly rows: Row[];
  readonly events: MatchEvent[];
  readonly result: MatchReport;
}

/** Runs a match to its end and gives its rows in order. */
async function finish(changes: Partial<MatchOptions> = {}, policy: Policy = fakePolicy()): Promise<Finished> {
  const run = match(options(changes), policy, fakeJudge());
  const events: MatchEvent[] = [];
  while (true) {
    const { done, value } = await run.next();
    if (done) return { rows: rowsOf(events), events, result: value };
    events.push(value);
  }
}

function rowsOf(events: readonly MatchEvent[]): Row[] {
  const rows = events.flatMap((event) => (event.kind === "row" ? [event.row] : []));
  return rows.sort((a, b) => a.row - b.row);
}

describe("match", () => {
  test("makes every row once and returns the summary of them", async () => {
    const { rows, result } = await finish();
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 20 }, (_, row) => row));
    expect(result).toEqual({ ...summariseMatch(rows, 3), ...textFigures(rows) });
    expect(result.helpful.r).toBeGreaterThan(0.8);
    expect(result.helpful.n).toBe(20);
  });

  test("uses each prompt before it uses one again", async () => {
    const { rows } = await finish();
    for (let start = 0; start + 7 <= 20; start += 7) {
      expect(new Set(rows.slice(start, start + 7).map(({ prompt }) => prompt)).size).toBe(7);
    }
  });

  test("with another seed asks for other targets", async () => {
    const [first, second] = [(await finish()).rows, (await finish({ seed: 4 })).rows];
    expect(second.map(({ target }) => target)).not.toEqual(first.map(({ target }) => target));
  });

  test("begins a longer run with the rows of a shorter one", async () => {
    const [short, long] = [await finish({ n: 5 }), await finish({ n: 20 })];
    expect(long.rows.slice(0, 5)).toEqual(short.rows);
  });

  test.each([1, 3])("resumed at any cut, best of %i, has the rows of one run at once", async (bestOf) => {
    const whole = await finish({ bestOf });
    for (let cut = 0; cut <= 20; cut++) {
      const kept = whole.events.flatMap((event) => (event.kind === "row" ? [event.row] : [])).slice(0, cut);
      const resumed = await finish({ bestOf, done: kept });
      expect(resumed.rows).toHaveLength(20 - cut);
      expect([...kept, ...resumed.rows].sort((a, b) => a.row - b.row)).toEqual(whole.rows);
      expect(resumed.result).toEqual(whole.result);
    }
  });

  test("reports progress over the whole run, rows done before included", async () => {
    const { rows } = await finish();
    const { events } = await finish({ done: rows.slice(0, 12) });
    const progress = events.filter((event) => event.kind === "progress");
    expect(progress[0]).toMatchObject({ rows: 12, of: 20, completions: 0, tokens: 0 });
    expect(progress.at(-1)).toMatchObject({ rows: 20, of: 20, completions: 8 });
  });

  test("best of n is nearer to the targets than one sample", async () => {
    const [one, many] = [await finish({ n: 60 }), await finish({ n: 60, bestOf: 8 })];
    expect(many.result.helpful.r).toBeGreaterThan(one.result.helpful.r as number);
    expect(many.result.harmless.r).toBeGreaterThan(one.result.harmless.r as number);
  });

  test("keeps the candidate that the row's seed gives alone", async () => {
    const { rows } = await finish({ bestOf: 4 });
    const row = rows.find(({ seed }) => seed !== 3) as Row;
    const again = fakePolicy().sample([
      {
        dialogue: PROMPTS[0] as never,
        target: row.target,
        seed: row.seed,
        row: row.row,
        sampling: DEFAULT_SAMPLING,
      },
    ]);
    expect((await again.next()).value).toMatchObject({ completion: { text: row.completion } });
  });

  test("hands the policy whole rows, enough at once to fill a batch", async () => {
    const policy = fakePolicy();
    await finish({ n: 200, bestOf: 3 }, policy);
    expect(policy.calls.map((requests) => requests.length)).toEqual([510, 90]);
  });

  test("scores rows while the policy goes on", async () => {
    const { events } = await finish({ n: 40 });
    const first = events.findIndex((event) => event.kind === "row");
    const sampledThen = events.slice(0, first).findLast((event) => event.kind === "progress");
    expect(sampledThen?.completions).toBeLessThan(40);
  });

  test("adds the held-out judge's rewards where there is one", async () => {
    const run = match(options(), fakePolicy(), fakeJudge(), fakeJudge());
    const events: MatchEvent[] = [];
    let next = await run.next();
    for (; !next.done; next = await run.next()) events.push(next.value);
    for (const { heldout, actual } of rowsOf(events)) expect(heldout).toEqual(actual);
    expect(next.value.helpful.heldout_r).toBeCloseTo(next.value.helpful.r as number, 12);
  });

  test("as a control prompts with other targets than it compares", async () => {
    const promptedSampler = targetSampler("uniform", REFERENCE, STREAM.otherTarget);
    const { rows, result } = await finish({ n: 200, promptedSampler });
    for (const { prompted, target } of rows) expect(JSON.parse(prompted)).not.toEqual(target);
    expect(Math.abs(result.helpful.r as number)).toBeLessThan(0.2);
  });
});

describe("a match with a prompt that is too long", () => {
  test("is refused before the first row is sampled; each missing row is asked about once", async () => {
    const policy = fakePolicy();
    const asked: number[] = [];
    const check: Policy["check"] = async (requests) => {
      asked.push(...requests.map(({ row }) => row));
      throw new DialError("prompt-too-long", "too long");
    };
    const done = (await finish({ n: 4 })).rows.filter(({ row }) => row !== 1);
    await expect(finish({ n: 6, bestOf: 3, done }, { ...policy, check })).rejects.toMatchObject({
      code: "prompt-too-long",
    });
    expect(asked).toEqual([1, 4, 5]);
    expect(policy.calls).toEqual([]);
  });
});

describe("a match that is cut short", () => {
  test("stops when told to and stops the policy", async () => {
    const stop = new AbortController();
    const policy = fakePolicy();
    const run = match(options({ n: 500, signal: stop.signal }), policy, fakeJudge());
    const rows: Row[] = [];
    await expect(async () => {
      for await (const event of run) {
        if (event.kind === "row" && rows.push(event.row) === 3) stop.abort();
      }
    }).rejects.toMatchObject({ code: "aborted" });
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(policy.calls).toHaveLength(1);
  });

  test("stops the policy when nobody listens any more", async () => {
    let signal: AbortSignal | undefined;
    const policy: Policy = {
      name: "watched",
      sample: (requests, watched) => {
        signal = watched?.signal;
        return fakePolicy().sample(requests, watched);
      },
    };
    for await (const event of match(options(), policy, fakeJudge())) if (event.kind === "row") break;
    expect(signal?.aborted).toBe(true);
  });

  test("leaves the judge with nothing to do", async () => {
    let running = 0;
    const judge: RewardModel = {
      name: "slow",
      async score(examples, scoreOptions) {
        running++;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return fakeJudge()
          .score(examples, scoreOptions)
          .finally(() => running--);
      },
    };
    for await (const event of match(options(), fakePolicy(), judge)) {
      if (event.kind === "progress" && event.completions === 5) break;
    }
    expect(running).toBe(0);
  });

  test("yields every row that was sampled before the policy died", async () => {
    const rows: Row[] = [];
    await expect(async () => {
      for await (const event of match(options(), fakePolicy({ dieAfter: 9 }), fakeJudge())) {
        if (event.kind === "row") rows.push(event.row);
      }
    }).rejects.toMatchObject({ code: "worker-died", recoverable: true });
    expect(rows).toHaveLength(9);
    const whole = await finish();
    expect((await finish({ done: rows })).result).toEqual(whole.result);
  });

  test("yields every row but the one that a filter held back, then says so", async () => {
    const rows: Row[] = [];
    const wanted = options({ n: 200, bestOf: 3 }); // More than are sampled at once.
    await expect(async () => {
      for await (const event of match(wanted, fakePolicy({ filteredRow: 5 }), fakeJudge())) {
        if (event.kind === "row") rows.push(event.row);
      }
    }).rejects.toMatchObject({ code: "answer-filtered" });
    const numbers = rows.map(({ row }) => row).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 200 }, (_, row) => row).filter((row) => row !== 5));
  });
});

describe("bad options are refused by name", () => {
  test.each([
    [{ prompts: [] }, "no prompts"],
    [{ prompts: [question(" ")] }, "empty prompt"],
    [{ n: 0 }, "invalid number of rows: 0; expected a whole number from 1"],
    [{ bestOf: 1.5 }, "invalid best of: 1.5"],
    [{ seed: -1 }, "invalid seed: -1"],
    [{ sampling: { ...DEFAULT_SAMPLING, temperature: Number.NaN } }, "invalid temperature: NaN"],
    [{ sampling: { ...DEFAULT_SAMPLING, topP: 0 } }, "invalid top-p: 0; expected"],
    [{ sampling: { ...DEFAULT_SAMPLING, topK: 0.5 } }, "invalid top-k: 0.5"],
    [{ sampling: { ...DEFAULT_SAMPLING, maxTokens: 0 } }, "invalid tokens: 0"],
    [{ sampling: { ...DEFAULT_SAMPLING, guidance: Infinity } }, "invalid guidance: Infinity"],
  ] as const)("%o", async (changes, message) => {
    await expect(finish(changes)).rejects.toThrow(message);
  });
});

describe("nearest", () => {
  const rewards = [
    { helpful: 0.1, harmless: 0.9 },
    { helpful: 0.5, harmless: 0.2 },
    { helpful: 0.5, harmless: 0.2 },
  ];

  test("is by distance in the plane, the first of equals", () => {
    expect(nearest(rewards, { helpful: 0.4, harmless: 0.3 })).toBe(1);
  });

  test("leaves out an axis that the target does not give", () => {
    expect(nearest(rewards, { helpful: 0.2 })).toBe(0);
  });
});

describe("summariseMatch", () => {
  const row = (index: number, target: Row["target"], helpful: number, harmless: number): Row => ({
    ...{
      row: index,
      seed: 0,
      prompt: "",
      target,
      prompted: "",
      completion: "",
      tokens: index % 5,
      logprob: 0,
    },
    actual: { helpful, harmless },
  });

  test("of no rows has no figures", () => {
    const none = { n: 0, r: null, ci: null, slope: null, slope_ci: null };
    expect(summariseMatch([], 0).helpful).toEqual({
      ...none,
      spearman: null,
      bins_spearman: null,
      r_given_length: null,
      heldout_r: null,
    });
    expect(summariseMatch([], 0).actual_correlation).toBeNull();
  });

  test("counts only the rows that asked for an axis", () => {
    const rows = Array.from({ length: 10 }, (_, k) =>
      row(k, k < 6 ? { helpful: k / 10 } : { harmless: k / 10 }, k / 10, 1 - k / 10),
    );
    const { helpful, harmless, actual_correlation, joint } = summariseMatch(rows, 0);
    expect(helpful.n).toBe(6);
    expect(helpful.r).toBeCloseTo(1, 12);
    expect(harmless.n).toBe(4);
    expect(harmless.slope).toBeCloseTo(-1, 12);
    expect(actual_correlation).toBeCloseTo(-1, 12);
    expect(joint).toEqual({ n: 0, r: null, ci: null, slope: null, slope_ci: null });
  });

  test("does not depend on the order in which rows came", async () => {
    const { rows, result } = await finish();
    expect(result).toMatchObject(summariseMatch(rows.toReversed(), 3));
  });

  test("correlates the mean of both rewards where both were asked for", () => {
    const rows = [0.1, 0.3, 0.8].map((x, k) => row(k, { helpful: x, harmless: 0.5 }, x, x / 2));
    // Means of targets are (x + 0.5) / 2, of actuals 3 x / 4.
    const { joint } = summariseMatch([...rows, row(3, { helpful: 1 }, 0, 0)], 0);
    expect(joint.n).toBe(3);
    expect([joint.r, joint.slope]).toEqual([expect.closeTo(1, 12), expect.closeTo(1.5, 12)]);
  });

  test("sees that the means turn back at the top end", () => {
    const rising = Array.from({ length: 100 }, (_, k) => row(k, { helpful: k / 100 }, k / 100, 0));
    const turning = rising.map((one, k) =>
      k < 90 ? one : { ...one, actual: { helpful: 0.5, harmless: 0 } },
    );
    expect(summariseMatch(rising, 0).helpful.bins_spearman).toBeCloseTo(1, 12);
    // Ranks 1 to 10 with the last one in the place of the sixth: 1 - 6 (16 + 4) / 990.
    expect(summariseMatch(turning, 0).helpful.bins_spearman).toBeCloseTo(1 - 120 / 990, 12);
    expect(summariseMatch(rising.slice(0, 20), 0).helpful.bins_spearman).toBeNull();
  });

  test("finds no match in the shuffled control", async () => {
    const { result } = await finish({ n: 400 });
    expect(Math.abs(result.shuffled.helpful.r as number)).toBeLessThan(0.15);
    expect(Math.abs(result.shuffled.harmless.r as number)).toBeLessThan(0.15);
  });
});

describe("textFigures", () => {
  const row = (completion: string, tokens: number, logprob: number | null): Row => ({
    ...{ row: 0, seed: 0, prompt: "", target: {}, prompted: "", actual: { helpful: 0, harmless: 0 } },
    ...{ completion, tokens, logprob },
  });

  test("are the share of distinct pairs of words, and the log-probability of a token", () => {
    const found = textFigures([row("the cat sat", 3, -6), row("The cat ran", 5, -2)]);
    expect(found).toEqual({ distinct_2: 3 / 4, logprob_per_token: -1 });
  });

  test("do not depend on the order of the rows, to the last bit", () => {
    const rows = [0.1, 0.2, 0.3, 1e16, -1e16].map((logprob) => row("one two", 1, logprob));
    expect(textFigures(rows.toReversed())).toEqual(textFigures(rows));
    expect(textFigures(rows).logprob_per_token).toBeCloseTo(0.12, 15);
  });

  test("say nothing of log-probabilities where a row has none, or there are no rows", () => {
    expect(textFigures([row("a b", 2, -1), row("b c", 2, null)]).logprob_per_token).toBeNull();
    expect(textFigures([])).toEqual({ distinct_2: null, logprob_per_token: null });
  });
});
