import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { runnable } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import { checkManifest, type ModelFile, policyEntry } from "../../runtimes/local/manifest";
import { modelFolder } from "../../runtimes/local/openOptions";
import { cachedFiles } from "../../storage/modelFiles";
import { toast } from "../components/Toast";
import { engine } from "../engine/engine";
import { rate } from "../engine/rate";
import { attempt, RULES, readNumber } from "../fields";
import { bytes, duration, plural } from "../format";
import { manifest } from "../models/manifest";
import { policy as policySettings, studies as settings } from "../settings";
import { studyCost, studySeconds } from "./estimate";
import { measureRate } from "./measureRate";
import { ownTargets } from "./ownTargets";
import { policies } from "./studyRun";

/** What a run will take, before it starts: rows, bytes and time. */
export function StudyEstimate({ study }: { readonly study: Study }) {
  const offered = policies.value;
  const n = attempt(() => readNumber(settings.n.value, RULES.studyRows));
  const maxTokens = attempt(() => readNumber(settings.maxTokens.value, RULES.maxTokens));
  const toDownload = useDownload(study);
  if (!offered || n === null || maxTokens === null) return null;
  const conditions = runnable(study, offered, ownTargets.value?.targets);
  if (conditions.length === 0)
    return <p class="small soft">There is nothing to run: none of its policies ships.</p>;
  const cost = studyCost(conditions, n);
  const measured = rate.value;
  const standIn = engine.remote.value?.name ?? policySettings.adapter.value;
  return (
    <div class="stack">
      <p class="small soft" role="status">
        {standIn !== "" && (
          <>
            Conditions of the shipped policy are run by <strong>{standIn}</strong>.{" "}
          </>
        )}
        {plural(conditions.length, "condition")}, {plural(cost.rows, "row")},{" "}
        {plural(cost.completions, "completion")}.{" "}
        {toDownload > 0 ? `${bytes(toDownload)} to download. ` : "Nothing to download. "}
        {measured ? (
          <>
            About <strong>{duration(studySeconds(cost, maxTokens, measured.tokensPerSecond))}</strong> at the{" "}
            {Math.round(measured.tokensPerSecond)} tokens a second that this device made last.
          </>
        ) : (
          "This device has not been measured."
        )}
      </p>
      {!measured && (
        <button type="button" disabled={engine.busy.value !== null} onClick={() => void measure()}>
          {engine.ready.value ? "Measure the time" : "Load models and measure the time"}
        </button>
      )}
    </div>
  );
}

function measure(): Promise<void> {
  // A failed load is shown by its panel.
  return measureRate().catch((error: unknown) => {
    if (!engine.shows(error)) toast(error instanceof Error ? error.message : String(error));
  });
}

/** Bytes of the models and adapters that are not on this device yet. */
function useDownload(study: Study): number {
  const adapters = useSignal(0);
  const plan = engine.plan.value;
  useEffect(() => {
    const known = attempt(() => checkManifest(manifest.value));
    const offered = policies.value;
    if (!known || !offered) return;
    const names = new Set(runnable(study, offered).map(({ policy }) => policy));
    names.delete(offered.main);
    const files = [...names].flatMap((name): ModelFile[] => {
      const { adapter } = policyEntry(known, name);
      return adapter ? [adapter] : [];
    });
    void cachedFiles(modelFolder(), files).then((cached) => {
      adapters.value = files.reduce((sum, file) => sum + (cached.has(file.path) ? 0 : file.bytes), 0);
    });
  }, [study, manifest.value]);
  const files = plan.kind === "known" ? plan.plan.files : [];
  const models = files.reduce((sum, file) => sum + (file.cached ? 0 : file.bytes), 0);
  return models + adapters.value;
}
