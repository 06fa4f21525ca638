/** The list of runs of the open study that this browser keeps. */

import { signal } from "@preact/signals";
import { listStudies, purgeStudies, type StudyEntry } from "../../storage/studyRuns";

export const saved = signal<readonly StudyEntry[]>([]);
export const savedError = signal<unknown>(null);

export async function refreshStudies(study: string): Promise<void> {
  try {
    saved.value = await listStudies(study);
    savedError.value = null;
  } catch (error) {
    savedError.value = error;
  }
}

let purged = false;

/** Reads the list; the first time, what was deleted on earlier visits goes for good. */
export async function showStudies(study: string): Promise<void> {
  if (!purged) {
    purged = true;
    await purgeStudies().catch(() => {}); // Reading the list says what is wrong.
  }
  await refreshStudies(study);
}
