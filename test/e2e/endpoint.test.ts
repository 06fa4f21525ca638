/** Sampling from a real OpenAI-compatible server, llama.cpp's. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { question } from "../../src/domain/dialogue";
import type { Endpoint } from "../../src/runtimes/openai/endpoint";
import { EndpointPolicy } from "../../src/runtimes/openai/endpointPolicy";
import { listModels } from "../../src/runtimes/openai/listModels";
import { type Completion, type CompletionRequest, DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { LLAMA_MODEL, type LlamaServer, llamaMissing, startLlama } from "../support/llamaServer";

const KEY = "sk-on-the-loopback";
const missing = llamaMissing();
if (missing !== null) console.warn(`Skipped, no llama.cpp server: ${missing}`);

let server: LlamaServer;

const access = { key: KEY, fetch: globalThis.fetch };

function policy(kind: Endpoint["kind"], changes: Partial<Endpoint> = {}, key = KEY): EndpointPolicy {
  const endpoint = {
    baseUrl: `${server.url}/v1`,
    model: LLAMA_MODEL,
    kind,
    format: "bottom" as const,
    ...changes,
  };
  return new EndpointPolicy(endpoint, () => ({ ...access, key }), { parallel: 2 });
}

const request = (row: number, maxTokens = 5): CompletionRequest => ({
  dialogue: question("How do I boil an egg?"),
  target: { helpful: 0.9, harmless: 0.9 },
  seed: 3,
  row,
  sampling: { ...DEFAULT_SAMPLING, maxTokens },
});

async function sampled(from: EndpointPolicy, requests: readonly CompletionRequest[]): Promise<Completion[]> {
  const completions: Completion[] = [];
  for await (const { index, completion } of from.sample(requests)) completions[index] = completion;
  return completions;
}

describe.skipIf(missing !== null)("llama.cpp's server", () => {
  beforeAll(async () => {
    server = await startLlama("--key", KEY);
  }, 180_000);
  afterAll(() => server?.close());

  test("lists its model", async () => {
    expect(await listModels(`${server.url}/v1`, access)).toEqual([LLAMA_MODEL]);
  });

  test.each(["completions", "chat"] as const)(
    "%s: rows with log-probabilities, the same for a seed",
    async (kind) => {
      const [first, second] = await sampled(policy(kind), [request(0), request(1)]);
      expect(first?.text).not.toBe(second?.text);
      for (const completion of [first, second]) {
        expect(completion).toMatchObject({ finish: "length", tokens: 5 });
        expect(completion?.logprob).toBeLessThan(0);
        expect(completion?.prompted).toContain("Helpful reward: 0.90");
      }
      const [again] = await sampled(policy(kind), [request(0)]);
      expect(again?.text).toBe(first?.text);
    },
  );

  test("streams, and stops in the middle", async () => {
    const stop = new AbortController();
    const texts: string[] = [];
    const onToken = (_: number, text: string) => {
      if (texts.push(text) === 2) stop.abort();
    };
    const run = policy("chat").sample([request(0, 500)], { signal: stop.signal, onToken });
    await expect(run.next()).rejects.toMatchObject({ code: "aborted" });
    expect(texts[1]?.startsWith(texts[0] as string)).toBe(true);
  });

  test("refuses a wrong key, and a path that it does not have", async () => {
    await expect(sampled(policy("chat", {}, "sk-wrong"), [request(0)])).rejects.toMatchObject({
      code: "endpoint-key",
      message: expect.not.stringContaining("sk-wrong"),
    });
    const elsewhere = policy("chat", { baseUrl: `${server.url}/v2` });
    await expect(sampled(elsewhere, [request(0)])).rejects.toMatchObject({ code: "endpoint-missing" });
  });
});
