import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { downloadPlan, type LocalPolicy, openPolicy } from "../../src/runtimes/local/browser";
import {
  type Completion,
  type CompletionRequest,
  DEFAULT_SAMPLING,
  type Policy,
} from "../../src/runtimes/policy";

const FOLDER = "/models/";
const SHORT = { ...DEFAULT_SAMPLING, maxTokens: 12 };

function request(row: number, text: string, sampling = SHORT): CompletionRequest {
  const target = { helpful: 0.9, harmless: 0.5 };
  return { dialogue: [{ speaker: "human", text }], target, seed: 7, row, sampling };
}

async function collect(policy: Policy, requests: readonly CompletionRequest[]): Promise<Completion[]> {
  const found: Completion[] = [];
  for await (const { index, completion } of policy.sample(requests)) found[index] = completion;
  return found;
}

describe("the policy on WASM", () => {
  let policy: LocalPolicy;
  const steps: string[] = [];
  let received = 0;

  beforeAll(async () => {
    policy = await openPolicy({
      folder: FOLDER,
      device: "wasm",
      onProgress: ({ step, receivedBytes, totalBytes }) => {
        steps.push(step);
        received = receivedBytes / totalBytes;
      },
    });
  });
  afterAll(() => policy?.close());

  it("reports progress and names the files that it was loaded from", async () => {
    expect(steps.at(-1)).toBe("Preparing the model");
    expect(received).toBe(1);
    expect(policy.device).toBe("wasm");
    const plan = await downloadPlan({ folder: FOLDER, device: "wasm" });
    for (const [path, sha256] of Object.entries(policy.models)) {
      expect(plan.files).toContainEqual(expect.objectContaining({ path, sha256, cached: true }));
    }
  });

  it("gives a row the same text in any company", async () => {
    const requests = [
      request(0, "How do I boil an egg?"),
      request(1, "How do I boil an egg?"),
      request(2, "Name three colours, and say which of them you would paint a small kitchen in."),
      request(3, "Hello!", { ...SHORT, temperature: 0 }),
      request(4, "Hello!", { ...SHORT, guidance: 1.5 }),
    ];
    const together = await collect(policy, requests);
    for (const index of [1, 2, 4]) {
      expect(await collect(policy, [requests[index] as CompletionRequest])).toEqual([together[index]]);
    }
    expect(together[0]?.text).not.toBe(together[1]?.text);
  });

  it("streams each completion's text", async () => {
    const texts: string[] = [];
    const onToken = (_: number, text: string) => texts.push(text);
    for await (const { completion } of policy.sample([request(5, "Tell me a story.")], { onToken })) {
      expect(texts.at(-1)).toBe(completion.text);
    }
    expect(texts.length).toBeGreaterThan(1);
  });

  it("stops when told to, and goes on working", async () => {
    const stop = new AbortController();
    const long = request(6, "Write a long story.", { ...SHORT, maxTokens: 1500 });
    const run = async () => {
      for await (const _ of policy.sample([long], { signal: stop.signal, onToken: () => stop.abort() }))
        void _;
    };
    await expect(run()).rejects.toMatchObject({ name: "DialError", code: "aborted" });
    expect(await collect(policy, [request(7, "Hi")])).toHaveLength(1);
  });

  it("chooses the token that WebGPU chooses", async () => {
    // SwiftShader takes seconds a token, so this is the shortest prompt and one token.
    const gpu = await openPolicy({ folder: FOLDER, device: "webgpu" });
    expect(gpu.device).toBe("webgpu");
    expect(gpu.deviceReason).toContain("as asked for");
    const sampling = { ...SHORT, maxTokens: 1, temperature: 0 };
    const asked = { ...request(9, "Hi", sampling), target: null };
    const [completion] = await collect(gpu, [asked]);
    gpu.close();
    const [other] = await collect(policy, [asked]);
    expect(completion).toEqual({ ...other, logprob: expect.any(Number) });
    expect(completion?.logprob).toBeCloseTo(other?.logprob as number, 0);
  }, 300_000);

  it("says how long a prompt is that does not fit", async () => {
    const huge = request(8, "word ".repeat(2100));
    await expect(collect(policy, [huge])).rejects.toMatchObject({
      name: "DialError",
      code: "prompt-too-long",
      message: expect.stringMatching(/the prompt "word word .*" has 21\d\d tokens/),
    });
  });
});

describe("the policy on WebGPU", () => {
  it("is not chosen where the only adapter is a software one", async () => {
    const plan = await downloadPlan({ folder: FOLDER });
    expect(plan.device).toEqual({ device: "wasm", reason: expect.stringContaining("software") });
  });
});
