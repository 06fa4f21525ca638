/** LoRA adapters that the user has added to this browser, by name, in IndexedDB. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { DialError } from "../domain/errors";
import type { OwnAdapter } from "../runtimes/local/ownAdapter";

interface Schema extends DBSchema {
  adapters: { key: string; value: OwnAdapter };
}

const NAME = "reward-dial-adapters";

let database: Promise<IDBPDatabase<Schema>> | undefined;

/** @throws DialError "storage-failed" with the browser's reason. */
async function using<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
  try {
    database ??= openDB<Schema>(NAME, 1, {
      upgrade: (db) => void db.createObjectStore("adapters", { keyPath: "name" }),
      terminated() {
        database = undefined;
      },
    });
    return await work(await database);
  } catch (error) {
    database = undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DialError("storage-failed", `adapters cannot be kept in this browser: ${reason}`, true);
  }
}

/** By name. */
export async function listAdapters(): Promise<readonly OwnAdapter[]> {
  return using((db) => db.getAll("adapters"));
}

export async function saveAdapter(adapter: OwnAdapter): Promise<void> {
  await using((db) => db.put("adapters", adapter));
}

export async function deleteAdapter(name: string): Promise<void> {
  await using((db) => db.delete("adapters", name));
}
