/**
 * Runs in IndexedDB: a head each, and every finished row the moment it is there. What a run was made of (its prompts, its
 * files) may be large and the same for many runs: it lies apart, once, under a key that says what it is.
 */

import type { DBSchema } from "idb";
import { database } from "./database";

export interface RunHead {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The key of what it was made of. */
  readonly content: string;
  /** Set when the user deletes the run; it goes for good with the next start of the page. */
  readonly deletedAt?: number;
}

/** A run as a list shows it. */
export interface RunEntry<Head> {
  readonly run: Head;
  readonly rows: number;
}

export interface FoundRun<Head, Content, Row> {
  readonly run: Head;
  readonly content: Content;
  readonly rows: readonly Row[];
}

/** Where a row stands in its run, such as [condition, row]; it orders them. */
export type Place = (string | number)[];

interface Schema extends DBSchema {
  runs: { key: string; value: RunHead & { readonly list: string }; indexes: { list: string } };
  contents: { key: string; value: unknown };
  rows: {
    key: [string, Place];
    value: { readonly run: string; readonly place: Place; readonly row: unknown };
    indexes: { run: string };
  };
}

const using = database<Schema>({
  name: "reward-dial",
  version: 3,
  keeps: "rows",
  upgrade(db) {
    // No version of the page was published before this one: what is there is a developer's.
    for (const store of [...db.objectStoreNames]) db.deleteObjectStore(store);
    db.createObjectStore("runs", { keyPath: "id" }).createIndex("list", "list");
    db.createObjectStore("contents");
    db.createObjectStore("rows", { keyPath: ["run", "place"] }).createIndex("run", "run");
  },
});

export type RunStore<Head extends RunHead, Content, Row extends object> = ReturnType<
  typeof runStore<Head, Content, Row>
>;

/** Runs of one kind. */
export function runStore<Head extends RunHead, Content, Row extends object>(
  listOf: (run: Head) => string,
  placeOf: (row: Row) => Place,
) {
  return {
    /** Keeps a run, or what has changed of one. */
    async save(run: Head, content: Content): Promise<void> {
      await using(async (db) => {
        const transaction = db.transaction(["runs", "contents"], "readwrite");
        await transaction.objectStore("runs").put({ ...run, list: listOf(run) });
        await transaction.objectStore("contents").put(content, run.content);
        await transaction.done;
      });
    },

    /** Keeps rows of a run; a row that is there already is kept once. */
    async saveRows(run: string, rows: readonly Row[]): Promise<void> {
      await using(async (db) => {
        const transaction = db.transaction("rows", "readwrite");
        for (const row of rows) void transaction.store.put({ run, place: placeOf(row), row });
        await transaction.done;
      });
    },

    /** A run and its rows, by their places; null where there is no such run. */
    async read(id: string): Promise<FoundRun<Head, Content, Row> | null> {
      return using(async (db) => {
        const found = await db.get("runs", id);
        const content = found && (await db.get("contents", found.content));
        if (!found || content === undefined || found.deletedAt !== undefined) return null;
        const run = headOf<Head>(found);
        if (found.list !== listOf(run)) return null; // Of another kind: an address can name any.
        const rows = await db.getAllFromIndex("rows", "run", id);
        return {
          run,
          content: content as Content,
          rows: rows.map(({ row }) => row as Row),
        };
      });
    },

    /** The runs of a list that are not deleted, newest first. */
    async list(list: string): Promise<RunEntry<Head>[]> {
      return using(async (db) => {
        const found = (await db.getAllFromIndex("runs", "list", list)).filter(
          ({ deletedAt }) => deletedAt === undefined,
        );
        const entries = found.map(async (run) => {
          return { run: headOf<Head>(run), rows: await db.countFromIndex("rows", "run", run.id) };
        });
        return (await Promise.all(entries)).sort((a, b) => b.run.createdAt - a.run.createdAt);
      });
    },
  };
}

function headOf<Head extends RunHead>({ list: _, ...head }: RunHead & { readonly list: string }): Head {
  return head as RunHead as Head;
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

/** Removes deleted runs, their rows and what no other run was made of, for good. */
export async function purgeRuns(): Promise<void> {
  await using(async (db) => {
    const transaction = db.transaction(["runs", "contents", "rows"], "readwrite");
    const [runs, rows] = [transaction.objectStore("runs"), transaction.objectStore("rows")];
    const all = await runs.getAll();
    const kept = new Set(
      all.filter(({ deletedAt }) => deletedAt === undefined).map(({ content }) => content),
    );
    for (const { id, content, deletedAt } of all) {
      if (deletedAt === undefined) continue;
      await runs.delete(id);
      if (!kept.has(content)) await transaction.objectStore("contents").delete(content);
      for (const key of await rows.index("run").getAllKeys(id)) await rows.delete(key);
    }
    await transaction.done;
  });
}
