/** The adapters that the open study loads beside the policy of this tab. */

import { signal } from "@preact/signals";
import { runnable } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import { checkManifest, type ModelFile, policyEntry } from "../../runtimes/local/manifest";
import type { RunFile } from "../components/LoadPanel";
import { followCached } from "../engine/followCached";
import { attempt } from "../fields";
import { manifest } from "../models/manifest";
import { answering } from "./studyRun";

export const studyFiles = signal<readonly RunFile[]>([]);

/** Keeps `studyFiles` at those of a study, from now on. @returns what ends that. */
export function followStudyFiles(study: Study): () => void {
  studyFiles.value = [];
  return followCached(
    () => adaptersOf(study),
    (files) => {
      studyFiles.value = files;
    },
  );
}

/** Two names may stand for one file. */
function adaptersOf(study: Study): ModelFile[] {
  const known = attempt(() => checkManifest(manifest.value));
  const offered = answering.value;
  if (known === null || offered === null) return [];
  const names = new Set(runnable(study, offered).map(({ policy }) => policy));
  names.delete(offered.main);
  const files = new Map<string, ModelFile>();
  for (const name of names) {
    const { adapter } = policyEntry(known, name);
    if (adapter) files.set(adapter.path, adapter);
  }
  return [...files.values()];
}
