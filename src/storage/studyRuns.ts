/** Runs of studies in IndexedDB: a header each, and every finished row the moment it is there. */

import type { DBSchema } from "idb";
import type { Dialogue } from "../domain/dialogue";
import type { Target } from "../domain/reward";
import { compareRows, type Row } from "../domain/row";
import type { RunHeader } from "../domain/run";
import type { ShippedPolicies } from "../experiments/studies/study";
import type { SamplingParameters } from "../runtimes/policy";
import { database } from "./database";

/** What a study was asked for, as it was when Run was pressed. */
export interface StudyRequest {
  readonly study: string;
  /** Rows of each condition. */
  readonly n: number;
  readonly seed: number;
  readonly sampling: SamplingParameters;
  readonly ownTargets: readonly Target[];
  /** Where the prompts came from, as it is shown. */
  readonly source: string;
  readonly prompts: readonly Dialogue[];
  /** What shipped then: it decides which conditions there are. */
  readonly policies: ShippedPolicies;
}

export interface StoredStudy extends StudyRequest {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly header: RunHeader;
  /** Set when the user deletes the run; it goes for good with the next start of the page. */
  readonly deletedAt?: number;
}

/** A run as the list shows it. */
export interface StudyEntry {
  readonly run: StoredStudy;
  readonly rows: number;
}

interface Schema extends DBSchema {
  runs: { key: string; value: StoredStudy; indexes: { study: string } };
  rows: {
    key: [string, string, number];
    value: Row & { readonly run: string };
    indexes: { run: string };
  };
}

const using = database<Schema>({
  name: "reward-dial-studies",
  version: 1,
  keeps: "rows",
  upgrade(db) {
    db.createObjectStore("runs", { keyPath: "id" }).createIndex("study", "study");
    db.createObjectStore("rows", { keyPath: ["run", "condition", "row"] }).createIndex("run", "run");
  },
});

export async function saveStudy(run: StoredStudy): Promise<void> {
  await using((db) => db.put("runs", run));
}

/** Writes a row of a run; the same row written twice is kept once. */
export async function saveStudyRow(run: string, row: Row): Promise<void> {
  await using((db) => db.put("rows", { ...row, run }));
}

/** A run and its rows in order; null where there is no such run. */
export async function readStudy(id: string): Promise<{ run: StoredStudy; rows: Row[] } | null> {
  return using(async (db) => {
    const run = await db.get("runs", id);
    if (!run || run.deletedAt !== undefined) return null;
    const stored = await db.getAllFromIndex("rows", "run", id);
    return { run, rows: stored.map(({ run: _, ...row }) => row).sort(compareRows) };
  });
}

/** The runs of a study that are not deleted, newest first. */
export async function listStudies(study: string): Promise<StudyEntry[]> {
  return using(async (db) => {
    const runs = (await db.getAllFromIndex("runs", "study", study)).filter(
      ({ deletedAt }) => deletedAt === undefined,
    );
    const entries = runs.map(async (run) => ({ run, rows: await db.countFromIndex("rows", "run", run.id) }));
    return (await Promise.all(entries)).sort((a, b) => b.run.createdAt - a.run.createdAt);
  });
}

/** Hides a run; `restoreStudy` brings it back until `purgeStudies`. */
export async function deleteStudy(id: string, now: number): Promise<void> {
  await using(async (db) => {
    const run = await db.get("runs", id);
    if (run) await db.put("runs", { ...run, deletedAt: now });
  });
}

export async function restoreStudy(id: string): Promise<void> {
  await using(async (db) => {
    const stored = await db.get("runs", id);
    if (!stored) return;
    const { deletedAt: _, ...run } = stored;
    await db.put("runs", run);
  });
}

/** Removes deleted runs and their rows for good. */
export async function purgeStudies(): Promise<void> {
  await using(async (db) => {
    const transaction = db.transaction(["runs", "rows"], "readwrite");
    for (const { id, deletedAt } of await transaction.objectStore("runs").getAll()) {
      if (deletedAt === undefined) continue;
      await transaction.objectStore("runs").delete(id);
      const keys = await transaction.objectStore("rows").index("run").getAllKeys(id);
      for (const key of keys) await transaction.objectStore("rows").delete(key);
    }
    await transaction.done;
  });
}
