import { expect, test, vi } from "vitest";
import { engine } from "../../src/app/engine/engine";
import { open, openRun } from "../../src/app/match/matchRun";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { readRun, type StoredRun } from "../../src/storage/runs";

vi.mock("../../src/storage/runs");

const run: StoredRun = {
  id: "a",
  createdAt: 1,
  n: 10,
  targets: "uniform",
  seed: 1,
  bestOf: 1,
  sampling: DEFAULT_SAMPLING,
  source: "a test",
  prompts: [[{ speaker: "human", text: "What is snow?" }]],
  policy: "main",
  judge: "minilm",
  header: { kind: "match", version: 1, options: {}, models: {} },
};

test("a saved run opens, but not over a match that starts while it is read", async () => {
  vi.mocked(readRun).mockImplementationOnce(async () => {
    engine.busy.value = "match";
    return { run, rows: [] };
  });
  await openRun("a");
  expect(open.value).toBeNull();
  engine.busy.value = null;
  vi.mocked(readRun).mockResolvedValueOnce({ run, rows: [] });
  await openRun("a");
  expect(open.value?.stored).toEqual(run);
});
