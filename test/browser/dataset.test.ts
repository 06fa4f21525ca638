import { afterEach, beforeEach, expect, test } from "vitest";
import { TARGET_MODELS, type TargetModel } from "../../src/domain/dataset/targetModels";
import type { Style } from "../../src/experiments/dataset/session";
import { LocalDataset } from "../../src/runtimes/local/workerDataset";
import {
  type DatasetFiles,
  readLabels,
  removeDatasetFiles,
  removeLabels,
  restoreLabels,
  saveLabels,
} from "../../src/storage/datasets";

const ALL = { validation: 0.1, limit: Infinity };
const STYLE: Style = {
  ...ALL,
  normaliser: "quantile",
  format: "bottom",
  model: TARGET_MODELS[0] as TargetModel,
};
const MEGABYTE = 1_000_000;

const opened: LocalDataset[] = [];
const dataset = (): LocalDataset => {
  const made = new LocalDataset();
  opened.push(made);
  return made;
};
const fileOf = (...parts: (string | Blob)[]): DatasetFiles => ({
  data: { name: "mine.jsonl", content: new Blob(parts) },
  testPrompts: null,
});
const row = (k: number): string =>
  `${JSON.stringify({ prompt: `Question ${k}?`, completion: `Answer ${k}.` })}\n`;
const rows = (count: number): string => Array.from({ length: count }, (_, k) => row(k)).join("");

beforeEach(async () => {
  await removeDatasetFiles();
  await removeLabels();
});
afterEach(() => {
  for (const made of opened.splice(0)) made.close();
});

/** Labels what has no label yet, up to so many batches. */
async function label(file: LocalDataset, batches = Infinity): Promise<number[]> {
  const keys: number[] = [];
  let left = batches;
  for await (const batch of file.unlabelled(ALL, 4)) {
    const labels = {
      keys: batch.map(({ key }) => key),
      scores: batch.map(() => ({ helpful: 1, harmless: -1 })),
    };
    await file.keep(labels);
    keys.push(...labels.keys);
    if (--left === 0) break;
  }
  return keys;
}

test("a file and its labels are there again after a reload, and labelling goes on with the rest", async () => {
  const before = dataset();
  await before.open(fileOf(rows(10)), () => {});
  await before.save();
  const first = await label(before, 2);
  before.close();

  const after = dataset();
  const stored = await after.stored();
  expect(stored?.data.name).toBe("mine.jsonl");
  await after.open(stored as DatasetFiles, () => {});
  expect(await after.overview(ALL)).toMatchObject({ rows: 10, selected: 10, labelled: 8 });
  const rest = await label(after);
  expect(rest).toHaveLength(2);
  expect(first).not.toEqual(expect.arrayContaining(rest));
  const { files } = await after.write(STYLE, "mine.jsonl", () => {}, new AbortController().signal);
  expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(10);
  const text = await (files[0] as (typeof files)[number]).content.text();
  expect(text.trim().split("\n")).toHaveLength((files[0] as (typeof files)[number]).rows);
});

test("a file that cannot be used leaves the one from before open", async () => {
  const file = dataset();
  await file.open(fileOf(rows(3)), () => {});
  await expect(file.open(fileOf("What is this?\nNo data."), () => {})).rejects.toMatchObject({
    code: "invalid-json-line",
  });
  expect(await file.overview(ALL)).toMatchObject({ rows: 3 });
});

test("a file that is cleared leaves its labels, and is there no more", async () => {
  const file = dataset();
  const files = fileOf(rows(10));
  await file.open(files, () => {});
  await file.save();
  await label(file);
  await file.clear();
  expect(await file.stored()).toBeNull();
  await file.open(files, () => {});
  expect(await file.overview(ALL)).toMatchObject({ labelled: 10 });
});

test("the open file has no label when all were removed, and all when they were put back", async () => {
  const file = dataset();
  await file.open(fileOf(rows(10)), () => {});
  await label(file);
  const removed = await removeLabels();
  await file.takeUpLabels();
  expect(await file.overview(ALL)).toMatchObject({ labelled: 0 });
  await label(file, 1);
  await restoreLabels(removed);
  await file.takeUpLabels();
  expect(await file.overview(ALL)).toMatchObject({ labelled: 10 });
});

test("labels of one judge are not another's", async () => {
  await saveLabels("one", { keys: [1, 2], scores: [{ helpful: 0, harmless: 1 }] });
  expect(await readLabels("one")).toHaveLength(1);
  expect(await readLabels("another")).toEqual([]);
});

test("a file of 100 MB streams: the tab never holds it", async () => {
  const filler = "Some words that are said at length. ".repeat(28);
  const parts = Array.from({ length: 100 }, (_, part) => {
    const lines = Array.from(
      { length: 950 },
      (_, k) => `${JSON.stringify({ prompt: `Question ${part}-${k}?`, completion: filler })}\n`,
    );
    return new Blob(lines);
  });
  const files = fileOf(...parts);
  expect(files.data.content.size).toBeGreaterThan(95 * MEGABYTE);
  const file = dataset();
  await file.overview(ALL).catch(() => {}); // Starts the worker, so that its code does not count.
  const before = await memory();
  await file.open(files, () => {});
  expect(await file.overview(ALL)).toMatchObject({ rows: 95_000, selected: 95_000, findings: [] });
  let read = 0;
  let halfWay = 0;
  for await (const batch of file.unlabelled(ALL, 500)) {
    read += batch.length;
    if (read >= 47_500 && halfWay === 0) halfWay = await memory();
  }
  expect(read).toBe(95_000);
  expect(halfWay - before).toBeLessThan(30 * MEGABYTE);
});

/** Bytes of the page and its workers after a garbage collection. */
async function memory(): Promise<number> {
  const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
    .measureUserAgentSpecificMemory;
  if (!measure) throw new Error("the test needs Chromium, and a page that is cross-origin isolated");
  return (await measure.call(performance)).bytes;
}
