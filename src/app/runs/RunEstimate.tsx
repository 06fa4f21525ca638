import { useEffect } from "preact/hooks";
import { toast } from "../components/Toast";
import { CostNote } from "../endpoint/CostNote";
import { type Busy, engine } from "../engine/engine";
import { missingBytes } from "../engine/missingBytes";
import { rate } from "../engine/rate";
import { bytes, duration, plural } from "../format";
import { policy as policySettings } from "../settings";
import { type RunCost, runSeconds } from "./estimate";
import { measureRate } from "./measureRate";

interface RunEstimateProps {
  readonly owner: Busy;
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
export function RunEstimate({ owner, cost, paid, maxTokens, lead = "", more = 0 }: RunEstimateProps) {
  useEffect(() => {
    void engine.refreshPlan();
  }, []);
  const plan = engine.plan.value;
  const remote = engine.remote.value;
  const files = plan.kind === "known" ? plan.plan.files : [];
  const toDownload = more + missingBytes(files.filter(({ model }) => remote === null || model !== "policy"));
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
        {toDownload > 0 ? `${bytes(toDownload)} to download. ` : "Nothing to download. "}
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
      {!measured && !remote && (
        <button type="button" disabled={engine.busy.value !== null} onClick={() => void measure(owner)}>
          {engine.ready.value ? "Measure the time" : "Load models and measure the time"}
        </button>
      )}
    </div>
  );
}

function measure(owner: Busy): Promise<void> {
  // A failed load is shown by its panel.
  return measureRate(owner).catch((error: unknown) => {
    if (!engine.shows(error)) toast(error instanceof Error ? error.message : String(error));
  });
}
