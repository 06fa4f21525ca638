/**
 * One IndexedDB database, opened when it is first used and again after it was closed: by the browser, or because a
 * newer version of the page, in another tab, has to upgrade it.
 */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { DialError } from "../domain/errors";

interface DatabaseOptions<Schema extends DBSchema> {
  readonly name: string;
  readonly version: number;
  readonly upgrade: (db: IDBPDatabase<Schema>) => void;
  /** What cannot be kept, in an error: "rows". */
  readonly keeps: string;
}

/**
 * @returns runs work on the database.
 * @throws (from the work) DialError "storage-failed" with the browser's reason.
 */
export function database<Schema extends DBSchema>({
  name,
  version,
  upgrade,
  keeps,
}: DatabaseOptions<Schema>) {
  let opened: Promise<IDBPDatabase<Schema>> | undefined;
  const forget = (): void => {
    opened = undefined;
  };
  const open = (): Promise<IDBPDatabase<Schema>> =>
    new Promise((resolve, reject) => {
      openDB<Schema>(name, version, {
        upgrade,
        terminated: forget,
        blocking: (_held, _wanted, { target }) => {
          (target as IDBDatabase).close();
          forget();
        },
        blocked: () => {
          reject(new Error("another tab has an older version of this page open; close it and try again"));
        },
      }).then(resolve, reject);
    });
  return async <T>(work: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> => {
    opened ??= open().catch((error: unknown) => {
      forget();
      throw error;
    });
    const used = opened;
    try {
      return await work(await used);
    } catch (error) {
      // A closed connection fails by this name; the next work opens another.
      if (error instanceof Error && error.name === "InvalidStateError" && opened === used) forget();
      const reason = error instanceof Error ? error.message : String(error);
      throw new DialError("storage-failed", `${keeps} cannot be kept in this browser: ${reason}`, true);
    }
  };
}
