import type { Signal } from "@preact/signals";

/** A browser that keeps nothing must not end a run: the failure goes to `unsaved`, and the rows stay on the screen. */
export async function keptOrTold(saving: Promise<void>, unsaved: Signal<unknown>): Promise<void> {
  try {
    await saving;
  } catch (error) {
    unsaved.value = error;
  }
}
