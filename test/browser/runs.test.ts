import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Row } from "../../src/domain/row";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { deleteRun, purgeRuns, restoreRun } from "../../src/storage/runStore";
import { MATCHES, matchRuns, type StoredRun } from "../../src/storage/runs";
import { type StoredStudy, studyList, studyRuns } from "../../src/storage/studyRuns";
import { someRow } from "../unit/fakes/row";
import { storedMatch } from "../unit/fakes/storedMatch";

const HOUR = 3_600_000;
const LATER = 2 * HOUR;
const PROMPTS = [[{ speaker: "human" as const, text: "What is snow?" }]];

const run = (id: string, createdAt = 1): StoredRun => ({ ...storedMatch, id, createdAt });

const study = (id: string, createdAt = 1): StoredStudy => ({
  id,
  createdAt,
  content: "prompts",
  study: "rounds",
  n: 2,
  seed: 1,
  sampling: DEFAULT_SAMPLING,
  ownTargets: [{ helpful: 0.5 }],
  source: "a test",
  policies: { adapters: [], main: "main", base: "base" },
  header: { kind: "study", version: 1, options: {}, models: {} },
});

const inCondition = (condition: string, row: number): Row => ({ ...someRow(row), condition });
const listed = async () => (await matchRuns.list(MATCHES)).map(({ run: { id }, rows }) => [id, rows]);

/** What is in a store of the database. */
async function keysOf(store: "contents" | "rows"): Promise<unknown[]> {
  const db = await openDB("reward-dial");
  const keys = await db.getAllKeys(store);
  db.close();
  return keys;
}

beforeEach(async () => {
  for (const { run: stored } of await matchRuns.list(MATCHES)) await deleteRun(stored.id, 0);
  for (const { run: stored } of await studyRuns.list(studyList("rounds"))) await deleteRun(stored.id, 0);
  await purgeRuns(LATER);
});

describe("a kept run", () => {
  test("comes back with its rows in order, each once", async () => {
    await matchRuns.save(run("a"), PROMPTS);
    for (const row of [2, 0, 1, 2, 11]) await matchRuns.saveRows("a", [someRow(row)]);
    await matchRuns.save(run("b"), PROMPTS);
    await matchRuns.saveRows("b", [someRow(0)]);
    expect(await matchRuns.read("a")).toEqual({
      run: run("a"),
      content: PROMPTS,
      rows: [0, 1, 2, 11].map(someRow),
    });
    expect(await matchRuns.read("c")).toBeNull();
  });

  test("of a study has its conditions apart, and is in that study's list alone", async () => {
    await studyRuns.save(study("a"), PROMPTS);
    const rows = [inCondition("b", 1), inCondition("a", 1), inCondition("b", 0), inCondition("a", 1)];
    await studyRuns.saveRows("a", rows);
    expect((await studyRuns.read("a"))?.rows).toEqual([
      inCondition("a", 1),
      inCondition("b", 0),
      inCondition("b", 1),
    ]);
    expect(await listed()).toEqual([]);
    expect(await studyRuns.list(studyList("epochs"))).toEqual([]);
    expect(await matchRuns.read("a")).toBeNull();
  });

  test("is listed with the number of its rows, newest first", async () => {
    await matchRuns.save(run("old"), PROMPTS);
    await matchRuns.saveRows("old", [someRow(0)]);
    await matchRuns.save(run("new", 2), PROMPTS);
    expect(await listed()).toEqual([
      ["new", 0],
      ["old", 1],
    ]);
  });

  test("that grows keeps its rows", async () => {
    await matchRuns.save(run("a"), PROMPTS);
    await matchRuns.saveRows("a", [someRow(0)]);
    await matchRuns.save({ ...run("a"), n: 500 }, PROMPTS);
    expect(await matchRuns.read("a")).toMatchObject({ run: { n: 500 }, rows: [someRow(0)] });
  });

  test("once deleted is hidden, restored whole, and gone only after a purge an hour later", async () => {
    await matchRuns.save(run("a"), PROMPTS);
    await matchRuns.saveRows("a", [someRow(0)]);
    await deleteRun("a", 5);
    expect(await matchRuns.read("a")).toBeNull();
    expect(await listed()).toEqual([]);
    await purgeRuns(5 + HOUR);
    await restoreRun("a");
    expect(await matchRuns.read("a")).toEqual({ run: run("a"), content: PROMPTS, rows: [someRow(0)] });
    await deleteRun("a", 6);
    await purgeRuns(7 + HOUR);
    await expect(restoreRun("a")).rejects.toMatchObject({
      code: "storage-failed",
      message: expect.stringContaining("gone for good"),
    });
    expect(await matchRuns.read("a")).toBeNull();
  });

  test("that was purged while it ran leaves no rows for good", async () => {
    await matchRuns.save(run("a"), PROMPTS);
    await matchRuns.save(run("b"), PROMPTS);
    await deleteRun("a", 0);
    await purgeRuns(LATER);
    await matchRuns.saveRows("a", [someRow(0)]);
    await matchRuns.saveRows("b", [someRow(0)]);
    await purgeRuns(LATER);
    expect(await keysOf("rows")).toEqual([["b", [0]]]);
  });

  test("shares its prompts: they stay while another run has them", async () => {
    await matchRuns.save(run("a"), PROMPTS);
    await studyRuns.save(study("b"), PROMPTS);
    await deleteRun("a", 1);
    await purgeRuns(LATER);
    expect((await studyRuns.read("b"))?.content).toEqual(PROMPTS);
    await deleteRun("b", 1);
    await purgeRuns(LATER);
    expect(await keysOf("contents")).toEqual([]);
  });
});

describe("what the browser refuses to keep", () => {
  const loose: PromiseRejectionEvent[] = [];
  const catchLoose = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    loose.push(event);
  };
  beforeEach(() => {
    loose.length = 0;
    addEventListener("unhandledrejection", catchLoose);
    // A put of what is there already then fails as one on a full disk does: late.
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(IDBObjectStore.prototype.add);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    removeEventListener("unhandledrejection", catchLoose);
  });

  test.each([
    ["run", () => matchRuns.save(run("a"), PROMPTS)],
    ["row", () => matchRuns.saveRows("a", [someRow(0), someRow(1)])],
  ])("of a %s is told once, with the reason", async (_, save) => {
    await save();
    await expect(save()).rejects.toMatchObject({
      code: "storage-failed",
      message: expect.stringContaining("already exists"),
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(loose).toEqual([]);
  });
});
