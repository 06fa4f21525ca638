import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { runnable } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import { checkManifest, type ModelFile, policyEntry } from "../../runtimes/local/manifest";
import { modelFolder } from "../../runtimes/local/openOptions";
import { cachedFiles } from "../../storage/modelFiles";
import { attempt, RULES, readNumber } from "../fields";
import { plural } from "../format";
import { manifest } from "../models/manifest";
import { runCost } from "../runs/estimate";
import { ownTargets } from "../runs/ownTargets";
import { RunEstimate } from "../runs/RunEstimate";
import { studies as settings } from "../settings";
import { answering } from "./studyRun";

/** What a run of the study will take, before it starts. */
export function StudyEstimate({ study }: { readonly study: Study }) {
  const offered = answering.value;
  const n = attempt(() => readNumber(settings.n.value, RULES.studyRows));
  const maxTokens = attempt(() => readNumber(settings.maxTokens.value, RULES.maxTokens));
  const adapters = useAdapterBytes(study);
  if (!offered || n === null || maxTokens === null) return null;
  const conditions = runnable(study, offered, ownTargets.value?.targets);
  if (conditions.length === 0)
    return <p class="small soft">There is nothing to run: none of its policies ships.</p>;
  const atEndpoint = conditions.filter(({ policy }) => policy === offered.main);
  return (
    <RunEstimate
      owner="studies"
      cost={runCost(conditions, n)}
      paid={runCost(atEndpoint, n).completions}
      maxTokens={maxTokens}
      lead={`${plural(conditions.length, "condition")}, `}
      more={adapters}
    />
  );
}

/** Bytes of the study's further adapters that are not on this device yet. */
function useAdapterBytes(study: Study): number {
  const left = useSignal(0);
  useEffect(() => {
    const known = attempt(() => checkManifest(manifest.value));
    const offered = answering.value;
    if (!known || !offered) return;
    const names = new Set(runnable(study, offered).map(({ policy }) => policy));
    names.delete(offered.main);
    // Two names may stand for one file.
    const files = new Map<string, ModelFile>();
    for (const name of names) {
      const { adapter } = policyEntry(known, name);
      if (adapter) files.set(adapter.path, adapter);
    }
    void cachedFiles(modelFolder(), [...files.values()]).then((cached) => {
      left.value = [...files.values()].reduce(
        (sum, { path, bytes }) => sum + (cached.has(path) ? 0 : bytes),
        0,
      );
    });
  }, [study, manifest.value]);
  return left.value;
}
