/**
 * Runs in IndexedDB: a head each, and every finished row the moment it is there. What a run was made of (its prompts, its
 * files) may be large and the same for many runs: it lies apart, once, under a key that says what it is.
 */

import type { DBSchema } from "idb";
import { DialError } from "../domain/errors";
import { database } from "./database";

export interface RunHead {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** The key of what it was made of. */
  readonly content: string;
  /** Milliseconds since 1970; set when the user deletes the run. */
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

/** Milliseconds that a deleted run can be restored for, also where another tab purges. */
const RESTORABLE = 60 * 60 * 1000;

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
        await Promise.all([
          transaction.objectStore("runs").put({ ...run, list: listOf(run) }),
          transaction.objectStore("contents").put(content, run.content),
          transaction.done,
        ]);
      });
    },

    /** Keeps rows of a run; a row that is there already is kept once. */
    async saveRows(run: string, rows: readonly Row[]): Promise<void> {
      await using(async (db) => {
        const transaction = db.transaction("rows", "readwrite");
        const puts = rows.map((row) => transaction.store.put({ run, place: placeOf(row), row }));
        await Promise.all([...puts, transaction.done]);
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

/** The keys of all rows of a run: in IndexedDB an array comes after every place. */
function rowsOf(run: string): IDBKeyRange {
  return IDBKeyRange.bound([run], [run, [[]]]);
}

/** Hides a run; `restoreRun` brings it back, for an hour at least. */
export async function deleteRun(id: string, now: number): Promise<void> {
  await using(async (db) => {
    const run = await db.get("runs", id);
    if (run) await db.put("runs", { ...run, deletedAt: now });
  });
}

/** @throws DialError "storage-failed" where it was purged. */
export async function restoreRun(id: string): Promise<void> {
  const found = await using(async (db) => {
    const stored = await db.get("runs", id);
    if (!stored) return false;
    const { deletedAt: _, ...run } = stored;
    await db.put("runs", run);
    return true;
  });
  if (!found) {
    throw new DialError(
      "storage-failed",
      "the run was deleted more than an hour ago and is gone for good; start it again",
    );
  }
}

/** Removes for good the runs that were deleted more than an hour ago, and the rows and contents of no run that is left. */
export async function purgeRuns(now: number): Promise<void> {
  await using(async (db) => {
    const transaction = db.transaction(["runs", "contents", "rows"], "readwrite");
    const [runs, contents, rows] = [
      transaction.objectStore("runs"),
      transaction.objectStore("contents"),
      transaction.objectStore("rows"),
    ];
    const ids = new Set<string>();
    const used = new Set<string>();
    for (const { id, content, deletedAt = Infinity } of await runs.getAll()) {
      if (now - deletedAt > RESTORABLE) await runs.delete(id);
      else {
        ids.add(id);
        used.add(content);
      }
    }
    for (const key of await contents.getAllKeys()) if (!used.has(key)) await contents.delete(key);
    // One key a run: a visit begins with this, and there may be many rows.
    for (
      let run = await rows.index("run").openKeyCursor(null, "nextunique");
      run;
      run = await run.continue()
    ) {
      if (!ids.has(run.key)) await rows.delete(rowsOf(run.key));
    }
    await transaction.done;
  });
}
