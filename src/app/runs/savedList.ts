/** A list of runs that this browser keeps. */

import { type Signal, signal } from "@preact/signals";
import { purgeRuns, type RunEntry, type RunHead } from "../../storage/runStore";

export interface SavedList<Head> {
  readonly entries: Signal<readonly RunEntry<Head>[]>;
  readonly error: Signal<unknown>;
  refresh(list: string): Promise<void>;
  /** As `refresh`; the first time in a visit, what was deleted on earlier ones goes for good. */
  show(list: string): Promise<void>;
}

let purged = false;

export function savedList<Head extends RunHead>(store: {
  list(list: string): Promise<RunEntry<Head>[]>;
}): SavedList<Head> {
  const entries = signal<readonly RunEntry<Head>[]>([]);
  const error = signal<unknown>(null);
  const refresh = async (list: string): Promise<void> => {
    try {
      entries.value = await store.list(list);
      error.value = null;
    } catch (reason) {
      error.value = reason;
    }
  };
  return {
    entries,
    error,
    refresh,
    async show(list) {
      if (!purged) {
        purged = true;
        await purgeRuns().catch(() => {}); // Reading the list says what is wrong.
      }
      await refresh(list);
    },
  };
}
