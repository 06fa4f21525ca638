import { useEffect } from "preact/hooks";
import type { PlannedFile } from "../../runtimes/local/browser";
import { toast } from "../components/Toast";
import { CostNote } from "../endpoint/CostNote";
import { downloadText } from "../engine/downloadText";
import { engine } from "../engine/engine";
import { rate } from "../engine/rate";
import { duration, plural } from "../format";
import { policy as policySettings } from "../settings";
import { type RunCost, runSeconds } from "./estimate";
import type { RunEnd } from "./exclusiveRun";
import { measureRate, stopMeasuring } from "./measureRate";

interface RunEstimateProps {
  readonly cost: RunCost;
  /** Completions that are paid for where an endpoint answers. */
  readonly paid: number;
  /** Tokens that a completion may have. */
  readonly maxTokens: number;
  /** What is run, before the number of rows: "8 conditions, ". */
  readonly lead?: string;
  /** Bytes to download beside those of policy and judges. */
  readonly more?: number;
}

/** What a run will take, before it starts: rows, bytes and time. */
export function RunEstimate({ cost, paid, maxTokens, lead = "", more = 0 }: RunEstimateProps) {
  useEffect(() => {
    void engine.refreshPlan();
  }, []);
  const remote = engine.remote.value;
  const needs = ({ model }: PlannedFile): boolean => remote === null || model !== "policy";
  // What this device makes says nothing of an endpoint, nor the other way about.
  const measured = (rate.value?.device === "remote") === (remote !== null) ? rate.value : null;
  const standIn = remote?.name ?? policySettings.adapter.value;
  return (
    <div class="stack">
      <p class="small soft" role="status">
        {standIn !== "" && (
          <>
            <strong>{standIn}</strong> answers in place of the shipped policy.{" "}
          </>
        )}
        {lead}
        {plural(cost.rows, "row")}, {plural(cost.completions, "completion")}.{" "}
        {downloadText(engine.plan.value, needs, more)}
        {measured ? (
          <>
            About <strong>{duration(runSeconds(cost, maxTokens, measured.tokensPerSecond))}</strong> at the{" "}
            {Math.round(measured.tokensPerSecond)} tokens a second that {remote ? "it" : "this device"} made
            last.
          </>
        ) : (
          `${remote ? "The endpoint" : "This device"} has not been measured.`
        )}
      </p>
      <CostNote answers={paid} maxTokens={maxTokens} />
      {!measured && !remote && <MeasureButton />}
    </div>
  );
}

function MeasureButton() {
  const busy = engine.busy.value;
  if (busy === "measure") {
    return (
      <button type="button" onClick={stopMeasuring}>
        Stop measuring
      </button>
    );
  }
  return (
    <button type="button" disabled={busy !== null} onClick={() => void measureRate(tellFailure)}>
      {engine.ready.value ? "Measure the time" : "Load models and measure the time"}
    </button>
  );
}

function tellFailure(end: RunEnd): void {
  // A failed load is shown by its panel.
  if (end.kind !== "failed" || engine.shows(end.error)) return;
  toast(end.error instanceof Error ? end.error.message : String(end.error));
}
