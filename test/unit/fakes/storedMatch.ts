import { DEFAULT_SAMPLING } from "../../../src/runtimes/policy";
import type { StoredRun } from "../../../src/storage/runs";

export const storedMatch: StoredRun = {
  id: "a",
  createdAt: 1,
  content: "prompts",
  n: 10,
  targets: "uniform",
  seed: 1,
  bestOf: 1,
  sampling: DEFAULT_SAMPLING,
  source: "a test",
  policy: "main",
  judge: "minilm",
  header: { kind: "match", version: 1, options: { n: 10 }, models: {} },
};
