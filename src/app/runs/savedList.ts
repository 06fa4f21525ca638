/** A list of runs that this browser keeps. */

import { type Signal, signal } from "@preact/signals";
import { purgeRuns, type RunEntry, type RunHead } from "../../storage/runStore";

export interface SavedList<Head> {
  readonly entries: Signal<readonly RunEntry<Head>[]>;
  readonly error: Signal<unknown>;
  /** Reads this list; the first time in a visit, what was deleted more than an hour ago goes for good. */
  show(list: string): Promise<void>;
  /** Reads the list that was shown last once more. */
  refresh(): Promise<void>;
}

let purged = false;

export function savedList<Head extends RunHead>(store: {
  list(list: string): Promise<RunEntry<Head>[]>;
}): SavedList<Head> {
  const entries = signal<readonly RunEntry<Head>[]>([]);
  const error = signal<unknown>(null);
  let shown: string | undefined;
  let readings = 0;
  const refresh = async (): Promise<void> => {
    if (shown === undefined) return;
    readings += 1;
    const reading = readings;
    try {
      const found = await store.list(shown);
      if (reading !== readings) return; // A later reading has newer entries, or another list.
      entries.value = found;
      error.value = null;
    } catch (reason) {
      if (reading === readings) error.value = reason;
    }
  };
  return {
    entries,
    error,
    async show(list) {
      if (list !== shown) entries.value = []; // They are another list's.
      shown = list;
      if (!purged) {
        purged = true;
        await purgeRuns(Date.now()).catch(() => {}); // Reading the list says what is wrong.
      }
      await refresh();
    },
    refresh,
  };
}
