/** The list of runs that this browser keeps. */

import { signal } from "@preact/signals";
import { listRuns, purgeRuns, type RunEntry } from "../../storage/runs";

export const saved = signal<readonly RunEntry[]>([]);
export const savedError = signal<unknown>(null);

export async function refreshRuns(): Promise<void> {
  try {
    saved.value = await listRuns();
    savedError.value = null;
  } catch (error) {
    savedError.value = error;
  }
}

let purged = false;

/** Reads the list; the first time, what was deleted on earlier visits goes for good. */
export async function showRuns(): Promise<void> {
  if (!purged) {
    purged = true;
    await purgeRuns().catch(() => {}); // Reading the list says what is wrong.
  }
  await refreshRuns();
}
