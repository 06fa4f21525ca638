import { expect, test } from "vitest";
import { aboutRun, comparedWith } from "../../src/app/runs/aboutRun";
import { matchHeader } from "../../src/experiments/matchHeader";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";

const HASH = "0123456789abcdef".repeat(4);
const SETTINGS = { n: 9, targets: "high", seed: 7, shuffled: false } as const;

test("a picture says how its run was sampled, and its models by the start of their sha256", () => {
  const sampling = { ...DEFAULT_SAMPLING, maxTokens: 48, guidance: 2 };
  const models = { "policy/adapters/main.safetensors": HASH, "policy/tokenizer.json": HASH };
  const header = matchHeader({ ...SETTINGS, bestOf: 4, sampling }, HASH, "main", models);
  expect(aboutRun(header)).toEqual([
    "policy main, seed 7, best of 4, 48 tokens at most, guidance 2, prompts 01234567",
    "models: main 01234567",
  ]);
  expect(comparedWith("the recorded run", header)).toBe(
    "Compared with the recorded run: policy main, seed 7, best of 4, 48 tokens at most, guidance 2, prompts 01234567; models: main 01234567",
  );
});

test("an endpoint stands there by its address and model", () => {
  const models = { "http://127.0.0.1:8080/v1 tiny": "chat, bottom" };
  const header = matchHeader({ ...SETTINGS, bestOf: 1, sampling: DEFAULT_SAMPLING }, HASH, "tiny", models);
  expect(aboutRun(header).at(-1)).toBe("models: http://127.0.0.1:8080/v1 tiny");
});
