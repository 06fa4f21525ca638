import { describe, expect, it } from "vitest";
import { uniform } from "../../src/domain/random";
import { TokenSampler } from "../../src/domain/sampling";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { decode, type TokenCompletion, type TokenRequest } from "../../src/runtimes/local/sampler";
import { DEFAULT_SAMPLING, type SamplingParameters } from "../../src/runtimes/policy";
import { CountingSession, logitsAfter } from "../support/countingSession";

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
  let sum = 0;
  while (true) {
    const logits = logitsAfter([...ids, ...tokens], VOCABULARY);
    const guide = sampling.guidance === 1 ? undefined : logitsAfter([...nullIds, ...tokens], VOCABULARY);
    const { token, logprob } = sampler.draw(logits, sampling, uniform(seed, row, tokens.length), guide);
    tokens.push(token);
    sum += logprob;
    if (token === END) return { tokens, logprob: sum, finish: "stop" };
    if (tokens.length === sampling.maxTokens) return { tokens, logprob: sum, finish: "length" };
  }
}

async function collect(
  requests: readonly TokenRequest[],
  maxRows: number,
  session = new CountingSession(VOCABULARY),
  memory = 2 ** 20,
): Promise<TokenCompletion[]> {
  const found: TokenCompletion[] = [];
  const decoder = new SessionDecoder(session, memory);
  for await (const { index, completion } of decode(decoder, requests, {
    endTokens: new Set([END]),
    maxRows,
  })) {
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
    maxTokens: 1 + row * 5,
  }),
);

describe("decode", () => {
  it.each([2, 3, 8, 64])(
    "gives each row of a mixed batch what it gives alone, %i rows at a time",
    async (maxRows) => {
      expect(await collect(MIXED, maxRows)).toEqual(MIXED.map(alone));
    },
  );

  it("runs a prompt that rows share once", async () => {
    const session = new CountingSession(VOCABULARY);
    await collect(
      Array.from({ length: 20 }, (_, row) => request(row, [1, 2, 3, 4])),
      4,
      session,
    );
    expect(session.calls.filter(({ steps }) => steps > 1)).toEqual([{ rows: 1, steps: 4, capacity: 4 }]);
  });

  it("runs a long prompt in pieces, and can be stopped between them", async () => {
    const session = new CountingSession(VOCABULARY);
    const long = request(
      0,
      Array.from({ length: 200 }, (_, i) => i % VOCABULARY),
      { maxTokens: 3 },
    );
    expect(await collect([long], 2, session)).toEqual([alone(long)]);
    expect(session.calls.filter(({ rows }) => rows === 1).map(({ steps }) => steps)).toEqual([64, 64, 64, 8]);

    const stop = new AbortController();
    const run = session.run.bind(session);
    session.run = (call) => {
      stop.abort();
      return run(call);
    };
    const options = { endTokens: new Set<number>(), maxRows: 2, signal: stop.signal };
    await expect(decode(new SessionDecoder(session, 2 ** 20), [long], options).next()).rejects.toMatchObject({
      code: "aborted",
    });
    expect(session.calls.filter(({ rows }) => rows === 1)).toHaveLength(5);
    expect(session.live).toBe(0);
  });

  it("runs each prompt once where the rows of many prompts come mixed, and keeps few prompts", async () => {
    const session = new CountingSession(VOCABULARY);
    const requests = Array.from({ length: 60 }, (_, row) => request(row, [1, 2, row % 20]));
    expect(await collect(requests, 4, session)).toEqual(requests.map(alone));
    expect(session.calls.filter(({ steps }) => steps > 1)).toHaveLength(20);
    // Two blocks a prompt, and two for the rows.
    expect(session.mostLive).toBeLessThanOrEqual(2 * 4 + 2 + 2);
  });

  it("bounds the null prompts that it keeps", async () => {
    const session = new CountingSession(VOCABULARY);
    const requests = Array.from({ length: 40 }, (_, row) => ({
      ...request(row, [1, 2, row], { guidance: 2, maxTokens: 3 }),
      nullIds: [1, row % 20],
    }));
    expect(await collect(requests, 4, session)).toEqual(requests.map(alone));
    expect(session.mostLive).toBeLessThanOrEqual(2 * (8 + 2) + 2);
  });

  it("keeps the batch full: a waiting row takes the place of a finished one", async () => {
    const session = new CountingSession(VOCABULARY);
    const lengths = [2, 40, 40, 2, 2, 2];
    const requests = lengths.map((maxTokens, row) => request(row, [row, 2], { maxTokens }));
    const noEnd = { endTokens: new Set<number>(), maxRows: 3 };
    for await (const _ of decode(new SessionDecoder(session, 2 ** 20), requests, noEnd)) void _;
    // The first token of a row comes with its prompt, so 40 tokens are 39 steps; nobody waits for a free batch.
    expect(session.calls.filter(({ steps }) => steps === 1)).toHaveLength(39);
  });

  it("never runs a single row, and never more than asked for", async () => {
    const session = new CountingSession(VOCABULARY);
    await collect([request(0, [1, 2])], 16, session);
    await collect(MIXED, 5, session);
    const steps = session.calls.filter((call) => call.steps === 1 && call.capacity > 2);
    expect(Math.min(...steps.map(({ rows }) => rows))).toBe(2);
    expect(Math.max(...steps.map(({ rows }) => rows))).toBe(5);
  });

  it("batches fewer rows where memory is short", async () => {
    const session = new CountingSession(VOCABULARY);
    const requests = Array.from({ length: 9 }, (_, row) => request(row, [row]));
    // 4 floats a token, capacity 128: 7 rows fit, of which 4 are used, since room for rows grows by doubling.
    const limit = 7 * 128 * 4 * 4;
    const found = await collect(requests, 16, session, limit);
    expect(found).toEqual(requests.map(alone));
    expect(Math.max(...session.calls.map(({ rows }) => rows))).toBe(4);
  });

  it("reports each token as it comes, the end token included", async () => {
    const seen: number[][] = MIXED.map(() => []);
    const options = {
      endTokens: new Set([END]),
      maxRows: 6,
      onToken: (index: number, token: number) => seen[index]?.push(token),
    };
    const decoder = new SessionDecoder(new CountingSession(VOCABULARY), 2 ** 20);
    for await (const { index, completion } of decode(decoder, MIXED, options)) {
      expect(seen[index]).toEqual(completion.tokens);
    }
  });

  it("stops within one token and releases all memory", async () => {
    const session = new CountingSession(VOCABULARY);
    const stop = new AbortController();
    let tokens = 0;
    const requests = [request(0, [1]), request(1, [2])];
    const options = {
      endTokens: new Set<number>(),
      maxRows: 2,
      signal: stop.signal,
      onToken: () => {
        tokens++;
        if (tokens === 10) stop.abort();
      },
    };
    const run = async () => {
      for await (const _ of decode(new SessionDecoder(session, 2 ** 20), requests, options)) void _;
    };
    await expect(run()).rejects.toMatchObject({ name: "DialError", code: "aborted" });
    expect(tokens).toBeLessThanOrEqual(11);
    expect(session.live).toBe(0);
  });

  it("releases all memory when it is done, left early, or failed", async () => {
    const session = new CountingSession(VOCABULARY);
    await collect(MIXED, 4, session);
    expect(session.live).toBe(0);
    for await (const _ of decode(new SessionDecoder(session, 2 ** 20), MIXED, {
      endTokens: new Set(),
      maxRows: 4,
    })) {
      break;
    }
    expect(session.live).toBe(0);
    session.run = () => Promise.reject(new Error("broken"));
    await expect(collect(MIXED, 4, session)).rejects.toThrow("broken");
    expect(session.live).toBe(0);
  });
});
