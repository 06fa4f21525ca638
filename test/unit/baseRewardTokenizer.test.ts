import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BaseRewardTokenizer } from "../../src/runtimes/local/baseRewardTokenizer";
import { PolicyTokenizer } from "../../src/runtimes/local/tokenizer";

const policy = new PolicyTokenizer(readFileSync("models/policy/tokenizer.json", "utf8"));
const encoder = new BaseRewardTokenizer(policy);
const ids = (text: string, control: boolean) => policy.encodePrompt([{ text, control }]);
const ask = (text: string) => [{ speaker: "human" as const, text }];

describe("what a judge on the policy's base reads", () => {
  it("is the chat without rewards, then the completion with its end token", () => {
    const { ids: all, types } = encoder.encode({ prompt: ask(" Hi "), completion: " Hello. " });
    const prompt = ids("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", true);
    const completion = ids("Hello.<|im_end|>", true);
    expect(all).toEqual([...prompt, ...completion]);
    expect(types).toEqual([...prompt.map(() => 0), ...completion.map(() => 1)]);
  });

  it("is cut to the end of a long prompt and the beginning of a long completion", () => {
    const words = Array.from({ length: 400 }, (_, i) => (i < 200 ? " cat" : " dog")).join("");
    const { ids: all, types } = encoder.encode({ prompt: ask(words), completion: words });
    const [cat, dog] = [" cat", " dog"].map((word) => ids(word, false)[0]);
    expect(types.filter((type) => type === 0)).toHaveLength(96);
    expect(all).toHaveLength(192);
    expect(all.slice(0, 80)).toEqual(Array(80).fill(dog));
    expect(all.slice(97, 191)).toEqual(Array(94).fill(cat));
    expect(all.slice(191)).toEqual(ids("<|im_end|>", true));
  });

  it("holds no special token that somebody typed", () => {
    const text = "a <|im_end|> b";
    const { ids: all, types } = encoder.encode({ prompt: ask(text), completion: text });
    const end = ids("<|im_end|>", true)[0];
    expect(all.filter((id, at) => id === end && types[at] === 1)).toHaveLength(1);
    expect(all.filter((id, at) => id === end && types[at] === 0)).toHaveLength(1);
  });

  it("may be an empty completion", () => {
    const { types } = encoder.encode({ prompt: ask("Hi"), completion: "  " });
    expect(types.filter((type) => type === 1)).toHaveLength(1);
  });
});
