import { useSignal } from "@preact/signals";
import { mean } from "simple-statistics";
import { AXES } from "../../domain/reward";
import type { Row } from "../../domain/row";
import { AXIS_LABELS } from "../components/Dial";
import { ErrorNote } from "../components/ErrorNote";
import { ExportButtons } from "../components/ExportButtons";
import { engine } from "../engine/engine";
import { decimal, plural } from "../format";
import { RewardPlane } from "../plots/RewardPlane";
import { CompletionCard } from "./CompletionCard";
import { current, goOn, type PlayRun, refused } from "./playRun";

export function Results() {
  const run = current.value;
  return (
    <>
      {refused.value !== null && <ErrorNote error={refused.value} />}
      {run ? (
        <Run run={run} />
      ) : (
        <p class="empty soft">Completions appear here, side by side, as they are written.</p>
      )}
    </>
  );
}

function rowsOf(run: PlayRun): Row[] {
  return run.slots.flatMap(({ state }) => (state.value.kind === "done" ? [state.value.row] : []));
}

function Run({ run }: { readonly run: PlayRun }) {
  const active = useSignal<number | null>(null);
  const { request, slots } = run;
  const state = run.state.value;
  const shownElsewhere = state.kind === "failed" && engine.shows(state.error);
  const rows = rowsOf(run);
  const points = rows.map((row) => ({ label: String(row.row + 1), actual: row.actual }));
  const activePoint = rows.findIndex(({ row }) => row === active.value);
  return (
    <>
      {state.kind === "failed" && !shownElsewhere && (
        <ErrorNote error={state.error}>
          <button type="button" disabled={engine.busy.value !== null} onClick={() => void goOn()}>
            {rows.length > 0 ? "Go on with the rest" : "Try again"}
          </button>
        </ErrorNote>
      )}
      <section class="results" id="results" aria-label="Results">
        <div class="card overview">
          <RewardPlane
            target={request.target}
            points={points}
            active={activePoint < 0 ? null : activePoint}
            onActive={(index) => {
              active.value = index === null ? null : (rows[index]?.row ?? null);
            }}
          />
          <div class="stack">
            <p role="status">
              <strong>{STATUS[state.kind]}</strong>{" "}
              <span class="soft">
                {rows.length} of {plural(slots.length, "completion")}, seed {request.seed}
              </span>
            </p>
            <table class="numbers">
              <thead>
                <tr>
                  <th scope="col">Reward</th>
                  <th scope="col">asked</th>
                  <th scope="col">mean</th>
                </tr>
              </thead>
              <tbody>
                {AXES.map((axis) => (
                  <tr key={axis}>
                    <th scope="row" class={axis}>
                      {AXIS_LABELS[axis]}
                    </th>
                    <td>{decimal(request.target[axis])}</td>
                    <td>{rows.length > 0 ? decimal(mean(rows.map(({ actual }) => actual[axis]))) : "–"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p class="small soft">Ring: what was asked. Dots: what came, by the judge.</p>
            <div class="line">
              {(shownElsewhere || (state.kind === "stopped" && rows.length < slots.length)) && (
                <button type="button" disabled={engine.busy.value !== null} onClick={() => void goOn()}>
                  Go on
                </button>
              )}
              <ExportButtons name="completions" rows={rows} />
            </div>
          </div>
        </div>
        <ol class="completions">
          {slots.map((slot) => (
            <CompletionCard
              key={slot.index}
              slot={slot}
              request={request}
              running={state.kind === "running" || state.kind === "loading"}
              active={active}
            />
          ))}
        </ol>
      </section>
    </>
  );
}

const STATUS = {
  loading: "Loading the models.",
  running: "Writing.",
  stopped: "Stopped.",
  done: "Done.",
  failed: "Interrupted.",
} as const;
