/** Runs of the match experiment in IndexedDB: a header each, and every finished row the moment it is there. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Dialogue } from "../domain/dialogue";
import { DialError } from "../domain/errors";
import type { Row } from "../domain/row";
import type { RunHeader } from "../domain/run";
import type { TargetSamplerName } from "../domain/targets";
import type { SamplingParameters } from "../runtimes/policy";

export interface StoredRun {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly n: number;
  readonly targets: TargetSamplerName;
  readonly seed: number;
  readonly bestOf: number;
  readonly sampling: SamplingParameters;
  /** Where the prompts came from, as it is shown. */
  readonly source: string;
  /** Kept with the run, so that it can be gone on with when the file is no longer at hand. */
  readonly prompts: readonly Dialogue[];
  readonly policy: string;
  readonly judge: string;
  /** As the run's file begins: what the rows depend on, the sha256 of each model file among it. */
  readonly header: RunHeader;
  /** Set when the user deletes the run; it goes for good with the next start of the page. */
  readonly deletedAt?: number;
}

/** A run as the list shows it. */
export interface RunEntry {
  readonly run: StoredRun;
  readonly rows: number;
}

interface Schema extends DBSchema {
  runs: { key: string; value: StoredRun };
  rows: { key: [string, number]; value: Row & { readonly run: string }; indexes: { run: string } };
}

const NAME = "reward-dial";
const VERSION = 1;

let database: Promise<IDBPDatabase<Schema>> | undefined;

function connect(): Promise<IDBPDatabase<Schema>> {
  database ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("runs", { keyPath: "id" });
      db.createObjectStore("rows", { keyPath: ["run", "row"] }).createIndex("run", "run");
    },
    terminated() {
      database = undefined;
    },
  });
  return database;
}

/** @throws DialError "storage-failed" with the browser's reason. */
async function using<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
  try {
    return await work(await connect());
  } catch (error) {
    database = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DialError("storage-failed", `rows cannot be kept in this browser: ${reason}`, true);
  }
}

export async function saveRun(run: StoredRun): Promise<void> {
  await using((db) => db.put("runs", run));
}

/** Writes a row of a run; the same row written twice is kept once. */
export async function saveRow(run: string, row: Row): Promise<void> {
  await using((db) => db.put("rows", { ...row, run }));
}

/** A run and its rows, ascending; null where there is no such run. */
export async function readRun(id: string): Promise<{ run: StoredRun; rows: Row[] } | null> {
  return using(async (db) => {
    const run = await db.get("runs", id);
    if (!run || run.deletedAt !== undefined) return null;
    const stored = await db.getAllFromIndex("rows", "run", id);
    return { run, rows: stored.map(({ run: _, ...row }) => row) };
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

/** Removes deleted runs and their rows for good. */
export async function purgeRuns(): Promise<void> {
  await using(async (db) => {
    const transaction = db.transaction(["runs", "rows"], "readwrite");
    const runs = await transaction.objectStore("runs").getAll();
    for (const { id, deletedAt } of runs) {
      if (deletedAt === undefined) continue;
      await transaction.objectStore("runs").delete(id);
      const keys = await transaction.objectStore("rows").index("run").getAllKeys(id);
      for (const key of keys) await transaction.objectStore("rows").delete(key);
    }
    await transaction.done;
  });
}
