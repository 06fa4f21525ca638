import { useEffect } from "preact/hooks";
import type { DownloadPlan, PlannedFile } from "../../runtimes/local/browser";
import { type EngineState, engine } from "../engine/engine";
import { missingBytes } from "../engine/missingBytes";
import { bytes, plural } from "../format";
import { ErrorNote } from "./ErrorNote";

/** A file that a run loads, and whether it is on this device already. */
export type RunFile = Pick<PlannedFile, "path" | "bytes" | "cached">;

interface LoadPanelProps {
  /** What runs of this page load beside policy and judges; left out where there are no runs. */
  readonly runs?: readonly RunFile[];
}

/** What loading the models takes, before it starts; then its progress. Nothing once they are there. */
export function LoadPanel({ runs }: LoadPanelProps) {
  const state = engine.state.value;
  const plan = engine.plan.value;
  useEffect(() => {
    void engine.refreshPlan();
  }, []);
  if (state.kind === "ready") return null;
  if (state.kind === "failed") {
    return <ErrorNote error={state.error} tryAgain={load} />;
  }
  if (plan.kind === "failed") {
    return <ErrorNote error={plan.error} tryAgain={() => void engine.refreshPlan()} />;
  }
  return (
    <section class="card load-panel" id="load-panel" aria-label="Models">
      {state.kind === "loading" ? (
        <Loading state={state} />
      ) : plan.kind === "known" ? (
        <Plan plan={plan.plan} runs={runs} />
      ) : (
        <p class="soft">Looking at what is there…</p>
      )}
    </section>
  );
}

function load(): void {
  // A failure is shown through the engine's state.
  engine.load().catch(() => {});
}

interface PlanProps {
  readonly plan: DownloadPlan;
  readonly runs: readonly RunFile[] | undefined;
}

function Plan({ plan, runs }: PlanProps) {
  const remote = engine.remote.value;
  // The second judge is loaded by the runs that it scores.
  const files = plan.files.filter(
    ({ model }) => model === "judge" || (remote === null && model === "policy"),
  );
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const cached = files.filter((file) => file.cached).reduce((sum, file) => sum + file.bytes, 0);
  const left = total - cached;
  return (
    <div class="stack">
      <div class="line">
        <p class="grow-text">
          {remote === null
            ? "Two models run in this tab: a policy that answers and a judge that scores."
            : `${remote.name} answers from its endpoint; a judge that scores runs in this tab.`}{" "}
          {left === 0 ? (
            <>All {bytes(total)} are cached on this device.</>
          ) : (
            <>
              <strong>{bytes(left)}</strong> to download
              {cached > 0 && <>, {bytes(cached)} cached already</>}.
            </>
          )}
          {engine.policyLoaded.value && " The policy is loaded."}
        </p>
        <button type="button" onClick={load}>
          {left === 0 ? "Load models" : `Download ${bytes(left)}`}
        </button>
      </div>
      {remote === null && <p class="small soft">{plan.device.reason}</p>}
      <FileList files={files} open={left > 0} />
      {runs && <LoadedByRuns plan={plan} adapters={runs} now={files} />}
    </div>
  );
}

interface LoadedByRunsProps {
  readonly plan: DownloadPlan;
  readonly adapters: readonly RunFile[];
  /** What is loaded before. */
  readonly now: readonly RunFile[];
}

/** What a run loads later: the second judge, and further adapters. */
function LoadedByRuns({ plan, adapters, now }: LoadedByRunsProps) {
  const before = new Set(now.map(({ path }) => path));
  const judge = plan.files.filter(({ model, path }) => model === "heldout" && !before.has(path));
  const files = [...judge, ...adapters];
  if (files.length === 0) return null;
  const parts = [
    judge.length > 0 && "a second judge",
    adapters.length > 0 && plural(adapters.length, "adapter"),
  ];
  const left = missingBytes(files);
  return (
    <div>
      <p class="small">
        A run also loads {parts.filter((part) => part !== false).join(" and ")}:{" "}
        {left === 0 ? "all cached on this device" : `${bytes(left)} to download`}.
      </p>
      <FileList files={files} open={false} />
    </div>
  );
}

function FileList({ files, open }: { readonly files: readonly RunFile[]; readonly open: boolean }) {
  return (
    <details open={open}>
      <summary>{plural(files.length, "file")}</summary>
      <ul class="file-list small">
        {files.map((file) => (
          <li key={file.path}>
            <span class="mono">{file.path}</span>
            <span class="soft">
              {bytes(file.bytes)}
              {file.cached && ", cached"}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Loading({ state }: { readonly state: Extract<EngineState, { kind: "loading" }> }) {
  const { progress } = state;
  return (
    <div class="stack">
      <div class="line">
        <p class="grow" role="status">
          {progress ? progress.step : "Starting"}…
        </p>
        <button type="button" onClick={engine.cancelLoad}>
          Cancel
        </button>
      </div>
      {progress && (
        <>
          <progress
            max={progress.totalBytes}
            value={progress.receivedBytes}
            aria-label="Bytes of the models received"
          />
          <p class="small soft">
            {bytes(progress.receivedBytes)} of {bytes(progress.totalBytes)}
          </p>
        </>
      )}
    </div>
  );
}
