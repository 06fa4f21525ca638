/**
 * Runs of the match experiment in IndexedDB: a header each, and every finished row the moment it is there.
 * A run's prompts may be a large file, so they lie apart: the list of runs does not read them.
 */

import type { DBSchema } from "idb";
import type { Dialogue } from "../domain/dialogue";
import type { Row } from "../domain/row";
import type { RunHeader } from "../domain/run";
import type { MatchSettings } from "../experiments/matchHeader";
import { database } from "./database";

/** What a match was asked for, as it was when Start was pressed. */
export interface MatchRequest extends Omit<MatchSettings, "shuffled"> {
  /** Where the prompts came from, as it is shown. */
  readonly source: string;
  /** All of them: the run can be gone on with when the file is no longer at hand. */
  readonly prompts: readonly Dialogue[];
}

export interface StoredRun extends MatchRequest {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly policy: string;
  readonly judge: string;
  /** As the run's file begins: what the rows depend on, the sha256 of each model file among it. */
  readonly header: RunHeader;
  /** Set when the user deletes the run; it goes for good with the next start of the page. */
  readonly deletedAt?: number;
}

type RunHead = Omit<StoredRun, "prompts">;

/** A run as the list shows it. */
export interface RunEntry {
  readonly run: RunHead;
  readonly rows: number;
}

interface Schema extends DBSchema {
  runs: { key: string; value: RunHead };
  prompts: { key: string; value: StoredRun["prompts"] };
  rows: { key: [string, number]; value: Row & { readonly run: string }; indexes: { run: string } };
}

const using = database<Schema>({
  name: "reward-dial",
  version: 2,
  keeps: "rows",
  upgrade(db) {
    // No version of the page was published before this one: what is there is a developer's.
    for (const store of [...db.objectStoreNames]) db.deleteObjectStore(store);
    db.createObjectStore("runs", { keyPath: "id" });
    db.createObjectStore("prompts");
    db.createObjectStore("rows", { keyPath: ["run", "row"] }).createIndex("run", "run");
  },
});

export async function saveRun({ prompts, ...head }: StoredRun): Promise<void> {
  await using(async (db) => {
    const transaction = db.transaction(["runs", "prompts"], "readwrite");
    await transaction.objectStore("runs").put(head);
    await transaction.objectStore("prompts").put(prompts, head.id);
    await transaction.done;
  });
}

/** Writes a row of a run; the same row written twice is kept once. */
export async function saveRow(run: string, row: Row): Promise<void> {
  await using((db) => db.put("rows", { ...row, run }));
}

/** A run and its rows, ascending; null where there is no such run. */
export async function readRun(id: string): Promise<{ run: StoredRun; rows: Row[] } | null> {
  return using(async (db) => {
    const head = await db.get("runs", id);
    const prompts = await db.get("prompts", id);
    if (!head || !prompts || head.deletedAt !== undefined) return null;
    const stored = await db.getAllFromIndex("rows", "run", id);
    return { run: { ...head, prompts }, rows: stored.map(({ run: _, ...row }) => row) };
  });
}

/** The runs that are not deleted, newest first. */
export async function listRuns(): Promise<RunEntry[]> {
  return using(async (db) => {
    const runs = (await db.getAll("runs")).filter(({ deletedAt }) => deletedAt === undefined);
    const entries = runs.map(async (run) => ({ run, rows: await db.countFromIndex("rows", "run", run.id) }));
    return (await Promise.all(entries)).sort((a, b) => b.run.createdAt - a.run.createdAt);
  });
}

/** Hides a run; `restoreRun` brings it back until `purgeRuns`. */
export async function deleteRun(id: string, now: number): Promise<void> {
  await using(async (db) => {
    const run = await db.get("runs", id);
    if (run) await db.put("runs", { ...run, deletedAt: now });
  });
}

export async function restoreRun(id: string): Promise<void> {
  await using(async (db) => {
    const stored = await db.get("runs", id);
    if (!stored) return;
    const { deletedAt: _, ...run } = stored;
    await db.put("runs", run);
  });
}

/** Removes deleted runs, their prompts and rows for good. */
export async function purgeRuns(): Promise<void> {
  await using(async (db) => {
    const transaction = db.transaction(["runs", "prompts", "rows"], "readwrite");
    const runs = await transaction.objectStore("runs").getAll();
    for (const { id, deletedAt } of runs) {
      if (deletedAt === undefined) continue;
      await transaction.objectStore("runs").delete(id);
      await transaction.objectStore("prompts").delete(id);
      const keys = await transaction.objectStore("rows").index("run").getAllKeys(id);
      for (const key of keys) await transaction.objectStore("rows").delete(key);
    }
    await transaction.done;
  });
}
