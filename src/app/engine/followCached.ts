import { effect } from "@preact/signals";
import type { PlannedFile } from "../../runtimes/local/browser";
import type { ModelFile } from "../../runtimes/local/manifest";
import { modelFolder } from "../../runtimes/local/openOptions";
import { cachedFiles } from "../../storage/modelFiles";
import { engine } from "./engine";

/** Looks up which of these files are on this device, from now on. @returns what ends that. */
export function followCached<File extends ModelFile>(
  files: () => readonly File[],
  found: (files: readonly (File & Pick<PlannedFile, "cached">)[]) => void,
): () => void {
  return effect(() => {
    void engine.plan.value; // Made anew whenever something was loaded.
    const asked = files();
    let current = true;
    cachedFiles(modelFolder(), asked)
      .catch(() => new Set<string>()) // The plan of the models says what is wrong.
      .then((cached) => {
        if (current) found(asked.map((file) => ({ ...file, cached: cached.has(file.path) })));
      });
    return () => {
      current = false;
    };
  });
}
