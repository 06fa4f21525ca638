import { expect, test } from "vitest";
import type { Row } from "../../src/domain/row";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import {
  deleteStudy,
  listStudies,
  purgeStudies,
  readStudy,
  restoreStudy,
  type StoredStudy,
  saveStudy,
  saveStudyRow,
} from "../../src/storage/studyRuns";

const run = (id: string, study: string, createdAt: number): StoredStudy => ({
  id,
  createdAt,
  study,
  n: 2,
  seed: 1,
  sampling: DEFAULT_SAMPLING,
  ownTargets: [{ helpful: 0.5 }],
  source: "a test",
  prompts: [[{ speaker: "human", text: "What is snow?" }]],
  policies: { adapters: [], main: "main", base: "base" },
  header: { kind: "study", version: 1, options: {}, models: {} },
});

const row = (condition: string, number: number): Row => ({
  row: number,
  condition,
  seed: 1,
  prompt: "\n\nHuman: What is snow?",
  target: { helpful: 0.5 },
  prompted: "",
  completion: `completion ${number}`,
  tokens: 3,
  logprob: -4,
  actual: { helpful: 0.5, harmless: 0.5 },
});

test("a study's run comes back with its rows in order, each once, two conditions apart", async () => {
  const one = run("one", "match", 1);
  await saveStudy(one);
  for (const [condition, number] of [
    ["b", 1],
    ["a", 1],
    ["b", 0],
    ["a", 1],
  ] as const) {
    await saveStudyRow("one", row(condition, number));
  }
  expect(await readStudy("one")).toEqual({ run: one, rows: [row("a", 1), row("b", 0), row("b", 1)] });
  expect(await readStudy("two")).toBeNull();
});

test("each study lists its own runs, newest first; a deleted one can be taken back until it is purged", async () => {
  await saveStudy(run("old", "rounds", 1));
  await saveStudy(run("new", "rounds", 2));
  await saveStudyRow("old", row("a", 0));
  const listed = async () => (await listStudies("rounds")).map(({ run: { id }, rows }) => [id, rows]);
  expect(await listed()).toEqual([
    ["new", 0],
    ["old", 1],
  ]);
  await deleteStudy("old", 3);
  expect(await listed()).toEqual([["new", 0]]);
  expect(await readStudy("old")).toBeNull();
  await restoreStudy("old");
  expect(await listed()).toHaveLength(2);
  await deleteStudy("old", 3);
  await purgeStudies();
  await restoreStudy("old");
  expect(await listed()).toEqual([["new", 0]]);
});
