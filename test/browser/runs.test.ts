import { beforeEach, expect, test } from "vitest";
import type { Row } from "../../src/domain/row";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import {
  deleteRun,
  listRuns,
  purgeRuns,
  readRun,
  restoreRun,
  type StoredRun,
  saveRow,
  saveRun,
} from "../../src/storage/runs";

const run = (id: string, createdAt: number): StoredRun => ({
  id,
  createdAt,
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
});

const row = (number: number): Row => ({
  row: number,
  seed: 1,
  prompt: "\n\nHuman: What is snow?",
  target: { helpful: 0.5, harmless: 0.5 },
  prompted: "",
  completion: `completion ${number}`,
  tokens: 3,
  logprob: -4,
  actual: { helpful: 0.5, harmless: 0.5 },
});

beforeEach(async () => {
  for (const { run: stored } of await listRuns()) await deleteRun(stored.id, 0);
  await purgeRuns();
});

test("a run comes back with its rows in order, each once", async () => {
  await saveRun(run("a", 1));
  for (const number of [2, 0, 1, 2]) await saveRow("a", row(number));
  await saveRun(run("b", 2));
  await saveRow("b", row(0));
  expect(await readRun("a")).toEqual({ run: run("a", 1), rows: [row(0), row(1), row(2)] });
});

test("the list counts rows and begins with the newest run", async () => {
  await saveRun(run("old", 1));
  await saveRow("old", row(0));
  await saveRun(run("new", 2));
  expect((await listRuns()).map(({ run: { id }, rows }) => [id, rows])).toEqual([
    ["new", 0],
    ["old", 1],
  ]);
});

test("a deleted run is hidden, restored whole, and gone only after a purge", async () => {
  await saveRun(run("a", 1));
  await saveRow("a", row(0));
  await deleteRun("a", 5);
  expect(await readRun("a")).toBeNull();
  expect(await listRuns()).toEqual([]);
  await restoreRun("a");
  expect(await readRun("a")).toEqual({ run: run("a", 1), rows: [row(0)] });
  await deleteRun("a", 6);
  await purgeRuns();
  await restoreRun("a");
  expect(await readRun("a")).toBeNull();
});
