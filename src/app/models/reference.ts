/** The reference completions of the default judge, as far as plots show them; no model is loaded for that. */

import { signal } from "@preact/signals";
import { checkReference, type Reference } from "../../domain/reference";
import { checkManifest, judgeEntry } from "../../runtimes/local/manifest";
import { modelFolder } from "../../runtimes/local/openOptions";
import { readModelFile } from "../../storage/modelFiles";
import { manifest, needManifest } from "./manifest";

export const reference = signal<Reference | null>(null);
export const referenceError = signal<unknown>(null);

/** Reads it once. */
export async function readReference(): Promise<void> {
  if (reference.peek() !== null) return;
  try {
    await needManifest();
    const file = judgeEntry(checkManifest(manifest.peek())).reference;
    const bytes = await readModelFile(modelFolder(), file);
    reference.value = checkReference(JSON.parse(new TextDecoder().decode(bytes)));
    referenceError.value = null;
  } catch (error) {
    referenceError.value = error;
  }
}
