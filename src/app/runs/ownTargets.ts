/** Targets of the user's own, from a CSV. */

import { signal } from "@preact/signals";
import { ofFile } from "../../domain/ofFile";
import type { Target } from "../../domain/reward";
import { type TargetList, takeTargets } from "../../domain/targetLines";
import { RULES } from "../fields";

export interface OwnTargets extends TargetList {
  /** Of the file. */
  readonly name: string;
}

/** The file that was loaded; null while none was, or it was put away. */
export const ownTargets = signal<OwnTargets | null>(null);
/** Why the last file chosen could not be used; the targets from before stay. */
export const ownTargetsError = signal<unknown>(null);
/** Whether lines of the file that are no targets are left out; asked anew for each file. */
export const skipMalformedTargets = signal(false);

/** The file that was chosen last, if the targets were not put away since: one before it that is still read counts no more. */
let lastChosen: File | null = null;

export async function readOwnTargets(file: File): Promise<void> {
  lastChosen = file;
  try {
    const { readTargets } = await import("../../runtimes/local/workerReader");
    // A run asks for no more than its rows.
    const list = await readTargets(file, RULES.n.max);
    takeTargets(list, list.targets.length > 0);
    if (file !== lastChosen) return;
    ownTargets.value = { name: file.name, ...list };
    skipMalformedTargets.value = false;
    ownTargetsError.value = null;
  } catch (error) {
    if (file === lastChosen) ownTargetsError.value = ofFile(file.name, error);
  }
}

/** What a run asks for; none where no file was loaded. @throws DialError naming a line that is no target, unless left out. */
export function targetsAsked(): readonly Target[] {
  const own = ownTargets.peek();
  if (own === null) return [];
  try {
    return takeTargets(own, skipMalformedTargets.peek());
  } catch (error) {
    throw ofFile(own.name, error);
  }
}

export function dropOwnTargets(): void {
  lastChosen = null;
  ownTargets.value = null;
  ownTargetsError.value = null;
}
