import { readFileSync } from "node:fs";
import { describe, expect, it, vi } from "vitest";
import { question } from "../../src/domain/dialogue";
import { AXES, type Axis } from "../../src/domain/reward";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { OnnxPolicy } from "../../src/runtimes/local/onnxPolicy";
import { PolicyTokenizer } from "../../src/runtimes/local/tokenizer";
import {
  type Completion,
  type CompletionRequest,
  DEFAULT_SAMPLING,
  type SamplingParameters,
} from "../../src/runtimes/policy";
import { CountingSession } from "../support/countingSession";

const tokenizer = new PolicyTokenizer(readFileSync("models/policy/tokenizer.json", "utf8"));

function open(axes: readonly Axis[] = AXES) {
  const session = new CountingSession(49152);
  const decoder = new SessionDecoder(session, 2 ** 20);
  return {
    session,
    policy: new OnnxPolicy(decoder, tokenizer, {
      name: "a",
      format: "bottom",
      axes,
      context: 200,
      maxRows: 16,
      prefixBytes: 2 ** 20,
    }),
  };
}

/** The reward lines and turn marks take some 40 of the 200 tokens, the completion 10. */
function request(text: string): CompletionRequest {
  const sampling = { ...DEFAULT_SAMPLING, maxTokens: 10 };
  return { dialogue: question(text), target: { helpful: 0.5, harmless: 0.5 }, seed: 1, row: 0, sampling };
}

const SHORT = request("How do I boil an egg?");
/** 1100 bytes, 100 tokens. */
const WORDY = request("information ".repeat(100));
const LONG = request(`Once there was ${"a cat and ".repeat(80)}`);

describe("OnnxPolicy.check", () => {
  it("quotes the prompt that is too long, and runs nothing", async () => {
    const { policy, session } = open();
    await expect(policy.check([SHORT, WORDY, LONG])).rejects.toMatchObject({
      name: "DialError",
      code: "prompt-too-long",
      message: expect.stringMatching(
        /^the prompt "Once there was a cat .*\.\.\." has 2\d\d tokens; with 10 new ones it may have 190 at most/,
      ),
    });
    expect(session.calls).toEqual([]);
  });

  it("passes what sample takes, also where bytes are many and tokens few", async () => {
    const { policy } = open();
    await policy.check([SHORT, WORDY]);
    for await (const { completion } of policy.sample([WORDY])) expect(completion.tokens).toBe(10);
    await expect(policy.sample([LONG]).next()).rejects.toMatchObject({ code: "prompt-too-long" });
  });

  it("tokenises no prompt that is surely short enough", async () => {
    const encode = vi.spyOn(tokenizer, "encodePrompt");
    await open().policy.check([SHORT, SHORT]);
    expect(encode).not.toHaveBeenCalled();
    encode.mockRestore();
  });
});

describe("OnnxPolicy.sample", () => {
  it("asks for the rewards that the policy knows, and no others", async () => {
    const prompted = async (axes?: readonly Axis[]): Promise<string | undefined> => {
      for await (const { completion } of open(axes).policy.sample([SHORT])) return completion.prompted;
    };
    expect(await prompted()).toContain("Helpful reward: 0.50\nHarmless reward: 0.50<SOS>");
    expect(await prompted(["helpful"])).toContain("<REWARD>\nHelpful reward: 0.50<SOS>");
  });

  it("ends a completion before a stop text and shows nothing of it", async () => {
    const [whole] = await sampled({});
    const text = whole?.text as string;
    const stop = [text.slice(8, 12), "is not there"];
    const shown: string[] = [];
    const [cut] = await sampled({ stop }, shown);
    expect(cut).toMatchObject({ text: text.slice(0, text.indexOf(stop[0] as string)), finish: "stop" });
    expect(cut?.tokens).toBeLessThan(whole?.tokens as number);
    for (const early of shown) expect(cut?.text.startsWith(early)).toBe(true);
    expect(shown.at(-1)).toBe(cut?.text);
  });

  async function sampled(change: Partial<SamplingParameters>, shown: string[] = []): Promise<Completion[]> {
    const found: Completion[] = [];
    const asked = { ...SHORT, sampling: { ...SHORT.sampling, ...change } };
    const onToken = (_: number, text: string) => shown.push(text);
    for await (const { completion } of open().policy.sample([asked], { onToken })) found.push(completion);
    return found;
  }
});
