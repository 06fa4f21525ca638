import { describe, expect, it } from "vitest";
import { uniform } from "../../src/domain/random";
import { TokenSampler } from "../../src/domain/sampling";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { Sampler } from "../../src/runtimes/local/sampler";
import type { TokenCompletion, TokenRequest } from "../../src/runtimes/local/tokenRequest";
import { DEFAULT_SAMPLING, type SamplingParameters } from "../../src/runtimes/policy";
import { type Call, CountingSession, logitsAfter } from "../support/countingSession";

const VOCABULARY = 23;
const END = 7;

function request(row: number, ids: number[], sampling: Partial<SamplingParameters> = {}): TokenRequest {
  return {
    ids,
    nullIds: [...ids, 1],
    seed: 5,
    row,
    sampling: { ...DEFAULT_SAMPLING, maxTokens: 90, ...sampling },
  };
}

/** What a request must give, written as directly as can be: no batch, no cache. */
function alone({ ids, nullIds, seed, row, sampling }: TokenRequest): TokenCompletion {
  const sampler = new TokenSampler(VOCABULARY);
  const tokens: number[] = [];
  const seen = new Set(ids);
  let sum = 0;
  while (true) {
    const logits = logitsAfter([...ids, ...tokens], VOCABULARY);
    const guide = sampling.guidance === 1 ? undefined : logitsAfter([...nullIds, ...tokens], VOCABULARY);
    const { token, logprob } = sampler.draw(logits, sampling, uniform(seed, row, tokens.length), guide, seen);
    tokens.push(token);
    seen.add(token);
    sum += logprob;
    if (token === END) return { tokens, logprob: sum, finish: "stop" };
    if (tokens.length === sampling.maxTokens) return { tokens, logprob: sum, finish: "length" };
  }
}

function open(session: CountingSession, { maxRows = 16, memory = 2 ** 20, prefixBytes = 0, end = END } = {}) {
  const decoder = new SessionDecoder(session, memory);
  return new Sampler(decoder, { endTokens: new Set([end]), maxRows, prefixBytes });
}

/** No token has this id. */
const NO_END = -1;
/** Blocks of a prompt: keys and values of the one layer. */
const PROMPT_BLOCKS = 2;

async function collect(
  requests: readonly TokenRequest[],
  sampler: ReturnType<typeof open>,
): Promise<TokenCompletion[]> {
  const found: TokenCompletion[] = [];
  for await (const { index, completion } of sampler.sample(requests)) {
    expect(found[index]).toBeUndefined();
    found[index] = completion;
  }
  return found;
}

const MIXED = Array.from({ length: 17 }, (_, row) =>
  request(row, row % 3 === 0 ? [3, 4, 5] : Array.from({ length: 1 + row * 3 }, (_, i) => i % VOCABULARY), {
    temperature: row % 4 === 0 ? 0 : 1 + row / 10,
    topP: row % 5 === 0 ? 0.8 : 1,
    topK: row % 6 === 0 ? 5 : 0,
    guidance: row % 2 === 0 ? 1 : 1.5,
    ...(row % 7 === 0 && { repetitionPenalty: 1.3 }),
    ...(row % 8 === 0 && { minP: 0.1 }),
    maxTokens: 1 + row * 5,
  }),
);

describe("Sampler", () => {
  it.each([2, 3, 8, 64])(
    "gives each row of a mixed batch what it gives alone, %i rows at a time",
    async (maxRows) => {
      const session = new CountingSession(VOCABULARY);
      expect(await collect(MIXED, open(session, { maxRows }))).toEqual(MIXED.map(alone));
      expect(session.live).toBe(PROMPT_BLOCKS);
    },
  );

  it("runs a prompt that rows share once", async () => {
    const session = new CountingSession(VOCABULARY);
    const requests = Array.from({ length: 20 }, (_, row) => request(row, [1, 2, 3, 4]));
    await collect(requests, open(session, { maxRows: 4 }));
    expect(prompts(session)).toEqual([{ rows: 1, steps: 4, capacity: 4 }]);
  });

  it("begins all rows of one prompt at once, and those of many prompts while others go on", async () => {
    const steps = async (requests: readonly TokenRequest[]) => {
      const session = new CountingSession(VOCABULARY);
      await collect(requests, open(session, { maxRows: 16, end: NO_END }));
      return rowSteps(session).map(({ rows }) => rows);
    };
    const one = Array.from({ length: 16 }, (_, row) => request(row, [1, 2, 3], { maxTokens: 3 }));
    expect(await steps(one)).toEqual([16, 16]);
    const many = Array.from({ length: 8 }, (_, row) => request(row, [row, 2, 3], { maxTokens: 3 }));
    expect(await steps(many)).toEqual([4, 8, 4]);
  });

  it("runs a long prompt in pieces, none of one token, and can be stopped between them", async () => {
    const session = new CountingSession(VOCABULARY);
    const long = request(0, numbered(193), { maxTokens: 3 });
    expect(await collect([long], open(session, { maxRows: 2 }))).toEqual([alone(long)]);
    expect(prompts(session).map(({ steps }) => steps)).toEqual([64, 64, 63, 2]);

    const stopped = new CountingSession(VOCABULARY);
    const stop = new AbortController();
    const run = stopped.run.bind(stopped);
    stopped.run = (call) => {
      stop.abort();
      return run(call);
    };
    const options = { signal: stop.signal };
    await expect(open(stopped).sample([long], options).next()).rejects.toMatchObject({ code: "aborted" });
    expect(stopped.calls).toHaveLength(1);
    expect(stopped.live).toBe(0);
  });

  it("runs each prompt once where the rows of many prompts come mixed, short prompts first", async () => {
    const session = new CountingSession(VOCABULARY);
    const requests = Array.from({ length: 60 }, (_, row) =>
      request(row, [row % 20, ...numbered(20 - (row % 20))]),
    );
    expect(await collect(requests, open(session, { maxRows: 4 }))).toEqual(requests.map(alone));
    expect(prompts(session).map(({ steps }) => steps)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    // The rows, the prompt that is run, the one before it.
    expect(session.mostLive).toBeLessThanOrEqual(2 + 2 * PROMPT_BLOCKS + 1);
  });

  it("keeps prompts up to a number of bytes, whatever they guide", async () => {
    const requests = Array.from({ length: 40 }, (_, row) => ({
      ...request(row, [row % 20, 1, 2], { guidance: 2, maxTokens: 3 }),
      nullIds: [1, row % 20],
    }));
    const kept = async (prefixBytes: number) => {
      const session = new CountingSession(VOCABULARY);
      expect(await collect(requests, open(session, { maxRows: 4, prefixBytes }))).toEqual(
        requests.map(alone),
      );
      return session.live / PROMPT_BLOCKS;
    };
    expect(await kept(0)).toBe(1);
    // A token is 16 bytes, the prompts of a request are 5 tokens.
    expect(await kept(5 * 16 * 6)).toBe(12);
  });

  it("runs a prompt from where it parts with one that is kept, for the same logits", async () => {
    const session = new CountingSession(VOCABULARY);
    const sampler = open(session, { prefixBytes: 2 ** 20 });
    const dialogue = numbered(100);
    const requests = [[3], [4, 5, 6], [4, 5, 7], []].map((target, row) =>
      request(row, [...dialogue, ...target]),
    );
    expect(await collect(requests, sampler)).toEqual(requests.map(alone));
    // The shortest first; then what is new, and two tokens at least.
    expect(prompts(session).map(({ steps }) => steps)).toEqual([64, 36, 2, 3, 2]);
    expect(await collect(requests.slice(1), sampler)).toEqual(requests.slice(1).map(alone));
    expect(prompts(session)).toHaveLength(5);
  });

  it("keeps no memory once it is closed", async () => {
    const session = new CountingSession(VOCABULARY);
    const sampler = open(session, { prefixBytes: 2 ** 20 });
    await collect(MIXED, sampler);
    expect(session.live).toBeGreaterThan(PROMPT_BLOCKS);
    sampler.close();
    expect(session.live).toBe(0);
  });

  it("takes over the few tokens that every chat prompt begins with", async () => {
    const session = new CountingSession(VOCABULARY);
    const requests = [6, 9].map((length, row) => request(row, [1, 2, 3, ...numbered(length).fill(row)]));
    expect(await collect(requests, open(session))).toEqual(requests.map(alone));
    expect(prompts(session).map(({ steps }) => steps)).toEqual([9, 9]);
  });

  it("takes over whole pieces where a device cuts prompts at fixed places alone", async () => {
    const session = Object.assign(new CountingSession(VOCABULARY), { promptPiece: 24, reuseGrain: 24 });
    const requests = [[3], [4]].map((target, row) => request(row, [...numbered(100), ...target]));
    expect(await collect(requests, open(session))).toEqual(requests.map(alone));
    expect(prompts(session).map(({ steps }) => steps)).toEqual([24, 24, 24, 24, 5, 5]);
  });

  it("does not take over a piece that was cut short for a prompt of one token more than whole pieces", async () => {
    const session = Object.assign(new CountingSession(VOCABULARY), { promptPiece: 24, reuseGrain: 24 });
    const requests = [[], [3, 4]].map((target, row) => request(row, [...numbered(49), ...target]));
    expect(await collect(requests, open(session))).toEqual(requests.map(alone));
    expect(prompts(session).map(({ steps }) => steps)).toEqual([24, 23, 2, 24, 3]);
  });

  it("keeps the batch full: a waiting row takes the place of a finished one", async () => {
    const session = new CountingSession(VOCABULARY);
    const lengths = [2, 40, 40, 2, 2, 2];
    const requests = lengths.map((maxTokens, row) => request(row, [row, 2], { maxTokens }));
    await collect(requests, open(session, { maxRows: 3, end: NO_END }));
    // The first token of a row comes with its prompt, so 40 tokens are 39 steps; nobody waits for a free batch.
    expect(rowSteps(session)).toHaveLength(39);
  });

  it("serves calls side by side, a new one before what an old one has left", async () => {
    const session = new CountingSession(VOCABULARY);
    const sampler = open(session, { maxRows: 4, end: NO_END });
    const many = Array.from({ length: 40 }, (_, row) =>
      request(row, [row % 23, 1], { maxTokens: 9 + (row % 3) }),
    );
    const few = [request(50, [1, 2, 3], { maxTokens: 5 })];
    const order: string[] = [];
    const serve = async (name: string, requests: TokenRequest[]) => {
      const found = await collect(requests, sampler);
      order.push(name);
      return found;
    };
    const [first, second] = await Promise.all([serve("many", many), serve("few", few)]);
    const alike = (requests: TokenRequest[]) => requests.map(({ sampling }) => sampling.maxTokens);
    expect(first.map(({ tokens }) => tokens.length)).toEqual(alike(many));
    expect(second.map(({ tokens }) => tokens.length)).toEqual(alike(few));
    expect(order).toEqual(["few", "many"]);
    expect(Math.max(...rowSteps(session).map(({ rows }) => rows))).toBe(4);
  });

  it("lets the other calls go on when one is stopped", async () => {
    const session = new CountingSession(VOCABULARY);
    const sampler = open(session, { maxRows: 4 });
    const stop = new AbortController();
    const endless = [request(99, [4, 4], { maxTokens: 1e6 })];
    let tokens = 0;
    const onToken = () => {
      tokens++;
      if (tokens === 20) stop.abort();
    };
    const stopped = sampler.sample(endless, { signal: stop.signal, onToken }).next();
    const refused = expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect(await collect(MIXED, sampler)).toEqual(MIXED.map(alone));
    await refused;
    expect(tokens).toBe(20);
  });

  it("never runs a single row where it would have other bits, and never more than asked for", async () => {
    const session = new CountingSession(VOCABULARY);
    await collect([request(0, [1, 2])], open(session));
    await collect(MIXED, open(session, { maxRows: 5 }));
    const rows = rowSteps(session).map((call) => call.rows);
    expect(Math.min(...rows)).toBe(2);
    expect(Math.max(...rows)).toBe(5);
  });

  it("runs a single row alone where it has the same bits in any company", async () => {
    const session = Object.assign(new CountingSession(VOCABULARY), { fewestRows: 1 });
    const requests = [request(0, [1, 2]), request(1, [1, 2], { guidance: 2 })];
    for (const asked of requests) expect(await collect([asked], open(session))).toEqual([alone(asked)]);
    // The prompts have two tokens or more.
    const rows = session.calls.filter(({ steps }) => steps === 1).map((call) => call.rows);
    expect([Math.min(...rows), Math.max(...rows)]).toEqual([1, 2]);
  });

  it("batches fewer rows where memory is short, as many as the prompts on their way allow", async () => {
    const session = new CountingSession(VOCABULARY);
    const short = Array.from({ length: 9 }, (_, row) => request(row, [row]));
    const long = Array.from({ length: 9 }, (_, row) => request(20 + row, numbered(130 + row)));
    // 4 floats a token: 7 short rows of 128 tokens fit, of which 4 are used, since room for rows grows by doubling.
    const memory = 7 * 128 * 4 * 4;
    const requests = [...long, ...short];
    expect(await collect(requests, open(session, { memory }))).toEqual(requests.map(alone));
    const bytes = rowSteps(session).map(
      ({ rows, capacity }) => 2 ** Math.ceil(Math.log2(rows)) * capacity * 16,
    );
    expect(Math.max(...bytes)).toBeLessThanOrEqual(memory);
    const most = (calls: readonly Call[]) => Math.max(...calls.map(({ rows }) => rows));
    expect(most(rowSteps(session).filter(({ capacity }) => capacity <= 128))).toBe(4);
    expect(most(rowSteps(session).filter(({ capacity }) => capacity > 128))).toBe(2);
  });

  it("draws pairs of tokens as often as the full softmax has them", async () => {
    const ids = [3, 1, 4];
    const draws = 20_000;
    const requests = Array.from({ length: draws }, (_, row) => request(row, ids, { maxTokens: 2 }));
    const found = new Array<number>(VOCABULARY ** 2).fill(0);
    for (const { tokens } of await collect(
      requests,
      open(new CountingSession(VOCABULARY), { end: NO_END }),
    )) {
      const [first, second] = tokens as [number, number];
      found[first * VOCABULARY + second] = (found[first * VOCABULARY + second] as number) + 1;
    }
    const softmax = (context: readonly number[]) => {
      const weights = [...logitsAfter(context, VOCABULARY)].map(Math.exp);
      return weights.map((weight) => weight / weights.reduce((a, b) => a + b));
    };
    const expected = softmax(ids).flatMap((p, first) => softmax([...ids, first]).map((q) => p * q * draws));
    const rare = { found: 0, expected: 0 };
    let statistic = 0;
    let cells = 0;
    expected.forEach((count, pair) => {
      if (count < 5) {
        rare.found += found[pair] as number;
        rare.expected += count;
        return;
      }
      statistic += ((found[pair] as number) - count) ** 2 / count;
      cells++;
    });
    expect(cells).toBeGreaterThan(200);
    statistic += (rare.found - rare.expected) ** 2 / rare.expected;
    // 99.9 % quantile of chi-square with `cells` degrees of freedom (Wilson & Hilferty 1931).
    const spread = 2 / (9 * cells);
    expect(statistic).toBeLessThan(cells * (1 - spread + 3.09 * Math.sqrt(spread)) ** 3);
  });

  it("ends a completion where the caller says so", async () => {
    const sampler = open(new CountingSession(VOCABULARY), { end: NO_END });
    let tokens = 0;
    const sampled = sampler.sample([request(0, [1, 2])], { onToken: () => ++tokens === 4 });
    expect((await sampled.next()).value).toMatchObject({ completion: { finish: "stop" } });
    expect(tokens).toBe(4);
  });

  it("reports each token as it comes, the end token included", async () => {
    const seen: number[][] = MIXED.map(() => []);
    const onToken = (index: number, token: number) => seen[index]?.push(token);
    const sampler = open(new CountingSession(VOCABULARY), { maxRows: 6 });
    for await (const { index, completion } of sampler.sample(MIXED, { onToken })) {
      expect(seen[index]).toEqual(completion.tokens);
    }
  });

  it("stops within one token and releases the rows' memory", async () => {
    const session = new CountingSession(VOCABULARY);
    const stop = new AbortController();
    let tokens = 0;
    const requests = [request(0, [1]), request(1, [2])];
    const onToken = () => {
      tokens++;
      if (tokens === 10) stop.abort();
    };
    const run = async () => {
      const sampler = open(session, { maxRows: 2, end: NO_END });
      for await (const _ of sampler.sample(requests, { signal: stop.signal, onToken })) void _;
    };
    await expect(run()).rejects.toMatchObject({ name: "DialError", code: "aborted" });
    expect(tokens).toBeLessThanOrEqual(11);
    expect(session.live).toBe(PROMPT_BLOCKS);
  });

  it("releases the rows' memory when it is left early, and all when it failed; then it goes on", async () => {
    const session = new CountingSession(VOCABULARY);
    const sampler = open(session, { maxRows: 4 });
    for await (const _ of sampler.sample(MIXED)) break;
    expect(session.live).toBe(PROMPT_BLOCKS);
    const run = session.run;
    session.run = () => Promise.reject(new Error("broken"));
    await expect(collect(MIXED, sampler)).rejects.toThrow("broken");
    expect(session.live).toBe(0);
    session.run = run;
    expect(await collect(MIXED, sampler)).toEqual(MIXED.map(alone));
  });
});

function numbered(length: number): number[] {
  return Array.from({ length }, (_, i) => i % VOCABULARY);
}

/** Runs of prompts. */
function prompts(session: CountingSession): readonly Call[] {
  return session.calls.filter(({ rows, steps }) => rows === 1 || steps > 1);
}

/** Steps of rows. */
function rowSteps(session: CountingSession): readonly Call[] {
  return session.calls.filter(({ rows }) => rows > 1);
}
