import type { ServerResponse } from "node:http";
import { APIConnectionTimeoutError } from "openai";
import { afterEach, describe, expect, test, vi } from "vitest";
import { question } from "../../src/domain/dialogue";
import { DialError } from "../../src/domain/errors";
import { endpointSeed } from "../../src/domain/random";
import { addUsage, costOf, estimatedTokens, NO_USAGE, type Usage } from "../../src/domain/spend";
import type { Endpoint } from "../../src/runtimes/openai/endpoint";
import { endpointFailure } from "../../src/runtimes/openai/endpointFailure";
import { type AnswerCache, EndpointPolicy } from "../../src/runtimes/openai/endpointPolicy";
import { describeSetback, type Setback } from "../../src/runtimes/openai/setback";
import { type Completion, type CompletionRequest, DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { type Asked, MODEL, sendChoices, serveCompletions, textFor } from "../support/completionServer";
import { type HttpServer, sendError, sendJson } from "../support/httpServer";

const KEY = "sk-secret-of-the-test";

let server: HttpServer;
afterEach(() => {
  vi.unstubAllEnvs();
  return server?.close();
});

const asked = (): Asked[] => server.received.map(({ body }) => JSON.parse(body));

/** Something to wait for. */
function event() {
  let happens = () => {};
  const happened = new Promise<void>((resolve) => {
    happens = resolve;
  });
  return { happened, happens };
}

const requests = (count: number): CompletionRequest[] =>
  Array.from({ length: count }, (_, row) => ({
    dialogue: question(`Question ${row}?`),
    target: { helpful: 0.4, harmless: 0.75 },
    seed: 7,
    row,
    sampling: { ...DEFAULT_SAMPLING, maxTokens: 9 },
  }));

function policyFor(
  changes: Partial<Endpoint> = {},
  { cache, retries = 0, parallel = 2, key = () => KEY }: Options = {},
) {
  let usage = NO_USAGE;
  const setbacks: string[] = [];
  const endpoint: Endpoint = {
    baseUrl: `${server.url}/v1`,
    model: MODEL,
    kind: "completions",
    format: "bottom",
    ...changes,
  };
  const onUsage = (more: Partial<Usage>) => {
    usage = addUsage(usage, more);
  };
  const options = { parallel, retries, onUsage, ...(cache && { cache }) };
  const onSetback = (setback: Setback) => void setbacks.push(describeSetback(setback));
  const access = () => ({ key: key(), fetch: globalThis.fetch, onSetback });
  const policy = new EndpointPolicy(endpoint, access, options);
  return { policy, usage: () => usage, setbacks };
}

interface Options {
  readonly cache?: AnswerCache;
  readonly retries?: number;
  readonly parallel?: number;
  readonly key?: () => string;
}

async function sampled(
  policy: EndpointPolicy,
  wanted: readonly CompletionRequest[],
  signal?: AbortSignal,
): Promise<Completion[]> {
  const completions: Completion[] = [];
  for await (const { index, completion } of policy.sample(wanted, signal ? { signal } : {})) {
    completions[index] = completion;
  }
  return completions;
}

describe("a completions endpoint", () => {
  test("gets the study's transcript and a seed of each row's own, and its text comes back", async () => {
    server = await serveCompletions();
    const { policy, usage } = policyFor();
    const texts: string[] = [];
    const completions: Completion[] = [];
    const onToken = (index: number, text: string) => texts.push(`${index} ${text}`);
    for await (const { completion } of policy.sample(requests(2).slice(1), { onToken }))
      completions.push(completion);
    const prompt =
      "Human: Question 1?\n<REWARD>\nHelpful reward: 0.40\nHarmless reward: 0.75<SOS>\n\nAssistant:";
    const seed = endpointSeed(7, 1);
    expect(asked()).toEqual([
      {
        model: MODEL,
        prompt,
        temperature: 1,
        top_p: 1,
        max_tokens: 9,
        seed,
        stop: ["\n\nHuman:"],
        logprobs: 1,
        stream: true,
        stream_options: { include_usage: true },
      },
    ]);
    const text = textFor({ seed }).trim();
    expect(completions).toEqual([{ prompted: prompt, text, tokens: 2, logprob: -1, finish: "stop" }]);
    expect(texts).toEqual([`0 ${text.split(" by")[0]}`, `0 ${text}`]);
    expect(usage()).toEqual({ ...NO_USAGE, answers: 1, promptTokens: 30, completionTokens: 2 });
    expect(policy).toMatchObject({
      name: MODEL,
      models: { [`${server.url}/v1 ${MODEL}`]: "completions, bottom" },
    });
  });

  test("is asked for what it may not offer only where that is wanted", async () => {
    server = await serveCompletions();
    const [request] = requests(1) as [CompletionRequest];
    const sampling = { ...request.sampling, minP: 0.1, repetitionPenalty: 1.2, stop: ["."] };
    await sampled(policyFor().policy, [{ ...request, sampling }]);
    expect(asked()).toMatchObject([{ min_p: 0.1, repetition_penalty: 1.2, stop: ["\n\nHuman:", "."] }]);
  });

  test("is sent the key and nothing about this machine or from its environment", async () => {
    vi.stubEnv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer another\nX-Team: ours\nAccept: text/html");
    server = await serveCompletions();
    await sampled(policyFor().policy, requests(1));
    await sampled(policyFor({}, { key: () => "" }).policy, requests(1));
    const [first, second] = server.received.map(({ headers }) => headers);
    expect(first).toMatchObject({ authorization: `Bearer ${KEY}`, accept: "application/json" });
    expect(second).not.toHaveProperty("authorization");
    expect(Object.keys(first ?? {}).filter((name) => /stainless|openai|team/.test(name))).toEqual([]);
  });

  test("is sent the key as it is at each request", async () => {
    server = await serveCompletions();
    let key = "sk-mistyped";
    const { policy } = policyFor({}, { key: () => key });
    await sampled(policy, requests(1));
    key = KEY;
    await sampled(policy, requests(1));
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sk-mistyped",
      `Bearer ${KEY}`,
    ]);
  });

  test("has no more requests at once than it may", async () => {
    let [now, most] = [0, 0];
    const three = event();
    server = await serveCompletions(async () => {
      most = Math.max(most, ++now);
      if (now === 3) three.happens();
      await three.happened;
      await new Promise((resolve) => setTimeout(resolve, 10));
      now--;
      return false;
    });
    expect(await sampled(policyFor({}, { parallel: 3 }).policy, requests(9))).toHaveLength(9);
    expect(most).toBe(3);
  });
});

test("a chat endpoint gets a message a turn, the rewards in the last", async () => {
  server = await serveCompletions();
  const [completion] = await sampled(policyFor({ kind: "chat" }).policy, requests(1));
  const content = "Question 0?\n<REWARD>\nHelpful reward: 0.40\nHarmless reward: 0.75<SOS>";
  const messages = [{ role: "user", content }];
  expect(server.received[0]?.path).toBe("/v1/chat/completions");
  expect(asked()[0]).toMatchObject({ messages, logprobs: true });
  expect(asked()[0]).not.toHaveProperty("stop");
  expect(completion).toMatchObject({ prompted: JSON.stringify(messages), tokens: 2, logprob: -1 });
});

function memoryCache() {
  const kept = new Map<string, never>();
  const cache: AnswerCache = {
    get: async (key) => kept.get(key) ?? null,
    put: async (key, answer) => void kept.set(key, answer as never),
  };
  return { kept, cache };
}

test("a chat model's refusal is its answer", async () => {
  server = await serveCompletions((_, __, response) =>
    sendChoices(response, [
      { delta: { content: "", refusal: "" } },
      { delta: { refusal: "I cannot" } },
      { delta: { content: null, refusal: " help." }, finish_reason: "stop" },
    ]),
  );
  const [completion] = await sampled(policyFor({ kind: "chat" }).policy, requests(1));
  expect(completion).toMatchObject({ text: "I cannot help.", finish: "stop" });
});

test.each([
  ["cuts an answer off", 200],
  ["refuses a prompt", 400],
])("where a server's filter %s, the others are answered, and then the prompt is named", async (_, status) => {
  const cutOff = [{ delta: { content: "You ta" } }, { delta: {}, finish_reason: "content_filter" }];
  server = await serveCompletions(({ messages }, __, response) => {
    if (!messages?.some(({ content }) => content.includes("Question 1?"))) return false;
    if (status === 200) return sendChoices(response, cutOff);
    sendError(response, status, { message: "Against our policy", code: "content_filter" });
    return true;
  });
  const { kept, cache } = memoryCache();
  const { policy, usage } = policyFor({ kind: "chat" }, { cache });
  const answered: number[] = [];
  await expect(async () => {
    for await (const { index } of policy.sample(requests(6))) answered.push(index);
  }).rejects.toMatchObject({
    code: "answer-filtered",
    message: expect.stringContaining(
      'content filter cut the answer to "Question 1?" off; leave that prompt out',
    ),
  });
  expect(answered.toSorted()).toEqual([0, 2, 3, 4, 5]);
  expect(kept.size).toBe(5);
  // An answer that was cut off has been paid for.
  expect(usage()).toMatchObject({ answers: status === 200 ? 6 : 5, cut: 0 });
});

test("a server that does not stream is told from one whose answer breaks off", async () => {
  server = await serveCompletions((_, __, response) => {
    sendJson(response, 200, { choices: [{ index: 0, text: " Boil.", finish_reason: "stop" }] });
    return true;
  });
  await expect(sampled(policyFor().policy, requests(1))).rejects.toMatchObject({
    code: "endpoint-failed",
    message: expect.stringContaining("does not stream"),
    recoverable: false,
  });
});

describe("an endpoint that cannot do everything", () => {
  test("is asked without what it refuses, and not for it again", async () => {
    server = await serveCompletions((body, _, response) => {
      const refused = ["seed", "logprobs", "stream_options"].find((name) => name in body);
      if (refused) sendError(response, 400, { message: `Unknown parameter: '${refused}'`, param: refused });
      return refused !== undefined;
    });
    const { policy, usage } = policyFor({}, { parallel: 1 });
    const [first] = await sampled(policy, requests(2));
    expect(first).toMatchObject({ text: "0 0.5 by seed undefined", tokens: 2, logprob: null });
    expect(asked()).toHaveLength(5);
    // Nobody tells what the prompts cost then, which is not nothing.
    const promptTokens = 2 * estimatedTokens(first?.prompted ?? "");
    expect(promptTokens).toBeGreaterThan(0);
    expect(usage()).toMatchObject({ answers: 2, untold: 2, promptTokens, completionTokens: 4 });
  });

  test.each([
    ["vLLM", 400, (name: string) => ({ object: "error", message: `${name} is not supported`, code: 400 })],
    [
      "Mistral",
      422,
      (name: string) => ({ message: { detail: [{ type: "extra_forbidden", loc: ["body", name] }] } }),
    ],
    ["FastAPI", 422, (name: string) => ({ detail: [{ type: "extra_forbidden", loc: ["body", name] }] })],
  ])("is understood where it says so as %s does", async (_, status, body) => {
    server = await serveCompletions((sent, __, response) => {
      const refused = ["seed", "logprobs", "stream_options"].find((name) => name in sent);
      if (refused) sendJson(response, status, body(refused));
      return refused !== undefined;
    });
    const [first] = await sampled(policyFor().policy, requests(1));
    expect(first).toMatchObject({ text: "0 0.5 by seed undefined" });
    expect(asked()).toHaveLength(4);
  });

  test("is quoted where its words stand at the top of the body", async () => {
    server = await serveCompletions((_, __, response) => {
      sendJson(response, 400, { object: "error", message: "This model's context is too short" });
      return true;
    });
    await expect(sampled(policyFor().policy, requests(1))).rejects.toThrow("context is too short");
  });

  test.each([
    { message: "Use 'max_completion_tokens' instead of 'max_tokens'", param: "max_tokens" },
    { message: "Not for this model", param: "max_tokens", code: "unsupported_parameter" },
  ])("may want max_completion_tokens ($message); requests that were under way learn it too", async (said) => {
    server = await serveCompletions((body, _, response) => {
      if (!("max_tokens" in body)) return false;
      sendError(response, 400, said);
      return true;
    });
    const completions = await sampled(policyFor({ kind: "chat" }, { parallel: 4 }).policy, requests(4));
    expect(completions).toHaveLength(4);
    expect(asked().at(-1)).toMatchObject({ max_completion_tokens: 9 });
  });

  test.each([
    ["completions", "max_tokens is too large: 9. The model has a context of 8 tokens"],
    ["completions", "max_tokens is not supported"],
    ["chat", "'max_tokens' or 'max_completion_tokens' is too large: 9"],
    ["chat", "max_tokens is too large: 9; use 8 instead"],
  ] as const)("of kind %s that says %j is not asked for tokens by another name", async (kind, message) => {
    server = await serveCompletions((body, _, response) => {
      if ("max_tokens" in body) sendError(response, 400, { message, param: "max_tokens" });
      return "max_tokens" in body;
    });
    await expect(sampled(policyFor({ kind }).policy, requests(1))).rejects.toMatchObject({
      code: "endpoint-refused",
      message: expect.stringContaining(message),
    });
    expect(asked()).toHaveLength(1);
  });

  test.each([
    ["completions", { token_logprobs: [-1.2, null, -0.4] }],
    ["chat", { content: [{ logprob: -1.2 }, { logprob: null }, { logprob: -0.4 }] }],
  ] as const)(
    "of kind %s that leaves out a token's log-probability tells none of the whole",
    async (kind, logprobs) => {
      server = await serveCompletions((_, __, response) => {
        const said = kind === "chat" ? { delta: { content: "One, two" } } : { text: "One, two" };
        return sendChoices(response, [{ index: 0, ...said, logprobs, finish_reason: "stop" }]);
      });
      const completions = await sampled(policyFor({ kind }).policy, requests(1));
      expect(completions).toMatchObject([{ text: "One, two", tokens: 3, logprob: null }]);
    },
  );

  test("has no guidance: that is refused before anything is paid for", async () => {
    server = await serveCompletions();
    const guided = requests(1).map((request) => ({
      ...request,
      sampling: { ...DEFAULT_SAMPLING, guidance: 2 },
    }));
    await expect(policyFor().policy.check(guided)).rejects.toThrow("invalid guidance: 2");
    expect(server.received).toEqual([]);
  });
});

describe("a busy endpoint", () => {
  test("is asked again after the time that it names, and after a failure of its own", async () => {
    const answers = [429, 503];
    const times: number[] = [];
    server = await serveCompletions((_, __, response) => {
      times.push(performance.now());
      const status = answers.shift();
      if (status)
        sendError(response, status, { message: "slow down" }, status === 429 ? { "retry-after": "1" } : {});
      return status !== undefined;
    });
    const { policy, usage, setbacks } = policyFor({}, { retries: 2 });
    expect(await sampled(policy, requests(1))).toHaveLength(1);
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(990);
    expect(usage()).toMatchObject({ answers: 1, retries: 2 });
    const { host } = new URL(server.url);
    expect(setbacks).toEqual([
      `${host} wants no more requests now (429)`,
      `${host} has a problem of its own (503)`,
    ]);
  });

  test("or one that is not there is told at once, before it is asked again", async () => {
    server = await serveCompletions();
    const { policy, setbacks } = policyFor({}, { retries: 5 });
    await server.close();
    const stop = new AbortController();
    const run = sampled(policy, requests(1), stop.signal).catch(() => {});
    await expect.poll(() => setbacks).toEqual([`${new URL(server.url).host} does not answer`]);
    stop.abort();
    await run;
    expect(setbacks).toHaveLength(1);
  });

  test("Stop does not wait for it", async () => {
    server = await serveCompletions((_, __, response) => {
      sendError(response, 429, { message: "slow down" }, { "retry-after": "30" });
      return true;
    });
    const stop = new AbortController();
    const run = sampled(policyFor({}, { retries: 2 }).policy, requests(1), stop.signal);
    setTimeout(() => stop.abort(), 100);
    const since = performance.now();
    await expect(run).rejects.toMatchObject({ code: "aborted" });
    expect(performance.now() - since).toBeLessThan(2000);
  });
});

describe("an error says what to do and never the key", () => {
  const say = { message: `No: ${KEY} may not do that` };
  test.each([
    [401, "endpoint-key", "check the key"],
    [402, "endpoint-busy", "look at your balance there"],
    [403, "endpoint-key", "check the key"],
    [404, "endpoint-missing", "often ends in /v1"],
    [400, "endpoint-refused", "change what it names"],
    [429, "endpoint-busy", "your quota"],
    [500, "endpoint-failed", "try again later"],
  ])("status %i is %s", async (status, code, advice) => {
    server = await serveCompletions((_, __, response) => {
      sendError(response, status, say);
      return true;
    });
    const error = await sampled(policyFor().policy, requests(1)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DialError);
    expect(error).toMatchObject({ code });
    const { message, stack } = error as DialError;
    expect(message).toContain(`${status} No: (your key) may not do that; `);
    expect(message).toContain(advice);
    expect(`${stack} ${JSON.stringify(error)}`).not.toContain(KEY);
    expect(Object.keys(error as DialError)).not.toContain("cause");
  });

  test("a server that is not there", async () => {
    server = await serveCompletions();
    const { policy } = policyFor();
    await server.close();
    await expect(sampled(policy, requests(1))).rejects.toMatchObject({
      code: "endpoint-unreachable",
      message: expect.stringContaining(`${server.url} does not answer: check the address`),
      recoverable: true,
    });
  });

  test("a server of which the browser does not tell whether it is there", async () => {
    const access = { key: KEY, fetch: globalThis.fetch, answers: async () => null };
    const baseUrl = "http://127.0.0.1:2/v1";
    expect(await endpointFailure(new TypeError("Failed to fetch"), baseUrl, access, "it")).toMatchObject({
      code: "endpoint-unreachable",
      message: expect.stringContaining("gives no answer that this page may read: check the address"),
    });
  });

  test("a server that takes too long is not said to shut pages out", async () => {
    const access = { key: KEY, fetch: globalThis.fetch, answers: async () => true };
    const error = new APIConnectionTimeoutError();
    expect(await endpointFailure(error, "http://127.0.0.1:2/v1", access, "it")).toMatchObject({
      code: "endpoint-unreachable",
      message: expect.stringContaining("did not answer in time"),
      recoverable: true,
    });
  });

  test.each([
    ["that ends early", (response: ServerResponse) => response.end()],
    ["whose connection is lost", (response: ServerResponse) => response.destroy()],
  ])("an answer %s is not taken for one", async (_, breakOff) => {
    server = await serveCompletions((__, ___, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write(`data: {"choices":[{"index":0,"text":"Half an"}]}\n\n`);
      setTimeout(() => breakOff(response), 50);
      return true;
    });
    await expect(sampled(policyFor().policy, requests(1))).rejects.toMatchObject({
      code: "endpoint-failed",
      message: expect.stringContaining("broke off in the middle"),
    });
  });

  test("an answer that is no completion names the field", async () => {
    server = await serveCompletions((_, __, response) => sendChoices(response, [{ text: 7 }]));
    await expect(sampled(policyFor().policy, requests(1))).rejects.toThrow("choices.0.text");
  });
});

describe("an answer that was begun is paid for", () => {
  /** Three pieces, and then nothing more until the connection ends. */
  const begin = (end: (response: ServerResponse) => void) =>
    serveCompletions((_, __, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      for (const text of ["One", " two", " three"])
        response.write(`data: ${JSON.stringify({ choices: [{ index: 0, text }] })}\n\n`);
      end(response);
      return true;
    });
  // The prompt has 86 characters.
  const paid = { ...NO_USAGE, cut: 1, promptTokens: 22, completionTokens: 3 };

  test("also where it is stopped midway", async () => {
    server = await begin(() => {});
    const { policy, usage } = policyFor();
    const stop = new AbortController();
    const onToken = (_: number, text: string) => text.endsWith("three") && stop.abort();
    const run = policy.sample(requests(1), { signal: stop.signal, onToken });
    await expect(run.next()).rejects.toMatchObject({ code: "aborted" });
    await expect.poll(usage).toEqual(paid);
  });

  test("also where the connection is lost", async () => {
    server = await begin((response) => setTimeout(() => response.destroy(), 50));
    const { policy, usage } = policyFor();
    await expect(sampled(policy, requests(1))).rejects.toThrow("broke off in the middle");
    expect(usage()).toEqual(paid);
  });
});

test("an SDK that did not load is loaded by the next request", async () => {
  server = await serveCompletions();
  const { policy } = policyFor();
  vi.doMock("openai", () => {
    throw new TypeError("Failed to fetch dynamically imported module");
  });
  await expect(sampled(policy, requests(1))).rejects.toMatchObject({
    code: "endpoint-unreachable",
    message: expect.stringContaining("could not be loaded; reload the page"),
    recoverable: true,
  });
  vi.doUnmock("openai");
  expect(await sampled(policy, requests(1))).toHaveLength(1);
});

test("a failed row loses none that was under way or done", async () => {
  const third = event();
  server = await serveCompletions(async ({ prompt }, _, response) => {
    const bad = prompt?.includes("Question 2?") === true;
    if (prompt?.includes("Question 3?")) third.happens();
    if (bad) {
      await third.happened;
      sendError(response, 400, { message: "not that one" });
    } else await new Promise((resolve) => setTimeout(resolve, 50));
    return bad;
  });
  const rows: number[] = [];
  const run = async () => {
    for await (const { index } of policyFor({}, { parallel: 2 }).policy.sample(requests(6))) rows.push(index);
  };
  await expect(run()).rejects.toMatchObject({ code: "endpoint-refused" });
  expect(rows.sort()).toEqual([0, 1, 3]);
});

test("rows that were paid for come from the cache, and cost nothing again", async () => {
  server = await serveCompletions();
  const { kept, cache } = memoryCache();
  const first = await sampled(policyFor({}, { cache }).policy, requests(3));
  const { policy, usage } = policyFor({}, { cache });
  expect(await sampled(policy, requests(4).slice(0, 3))).toEqual(first);
  expect(server.received).toHaveLength(3);
  expect(usage()).toEqual({ ...NO_USAGE, kept: 3 });
  await sampled(policyFor({ format: "top" }, { cache }).policy, requests(1));
  await sampled(policyFor({ kind: "chat" }, { cache }).policy, requests(1));
  expect(server.received).toHaveLength(5);
  expect([...kept.keys()].join()).toMatch(/^[0-9a-f,]+$/);
});

test("spend is usage times the prices of a million tokens", () => {
  const usage = { ...NO_USAGE, promptTokens: 2_000_000, completionTokens: 500_000 };
  expect(costOf(usage, { prompt: 0.4, completion: 1.6 })).toBeCloseTo(1.6, 12);
});
