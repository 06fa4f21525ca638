/** LoRA adapters that the user has added to this browser, by name, in IndexedDB. */

import type { DBSchema } from "idb";
import type { OwnAdapter } from "../runtimes/local/ownAdapter";
import { database } from "./database";

interface Schema extends DBSchema {
  adapters: { key: string; value: OwnAdapter };
}

const using = database<Schema>({
  name: "reward-dial-adapters",
  version: 1,
  keeps: "adapters",
  upgrade: (db) => void db.createObjectStore("adapters", { keyPath: "name" }),
});

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
