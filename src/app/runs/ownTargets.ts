/** Targets of the user's own, from a CSV. */

import { signal } from "@preact/signals";
import { DialError } from "../../domain/errors";
import type { Target } from "../../domain/reward";
import { readTargets } from "../../domain/targetLines";

export interface OwnTargets {
  readonly name: string;
  readonly targets: readonly Target[];
}

export const ownTargets = signal<OwnTargets | null>(null);
/** Why the last file chosen could not be used; the targets from before stay. */
export const ownTargetsError = signal<unknown>(null);

export async function readOwnTargets(file: File): Promise<void> {
  try {
    ownTargets.value = { name: file.name, targets: readTargets(await file.text()) };
    ownTargetsError.value = null;
  } catch (error) {
    ownTargetsError.value =
      error instanceof DialError ? new DialError(error.code, `${file.name}, ${error.message}`) : error;
  }
}

export function dropOwnTargets(): void {
  ownTargets.value = null;
  ownTargetsError.value = null;
}
