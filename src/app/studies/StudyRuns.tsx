import { runnable } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import { deleteStudy, restoreStudy, type StudyEntry } from "../../storage/studyRuns";
import { ErrorNote } from "../components/ErrorNote";
import { toast } from "../components/Toast";
import { engine } from "../engine/engine";
import { moment, plural } from "../format";
import { studies as settings } from "../settings";
import { recordingOf } from "./recordings";
import { refreshStudies, saved, savedError } from "./savedStudies";
import { RECORDED } from "./shown";
import { closeStudy, open, openStudy } from "./studyRun";

/** The recorded run and those that this browser keeps; any can be shown, and any other drawn under it. */
export function StudyRuns({ study }: { readonly study: Study }) {
  if (savedError.value !== null) return <ErrorNote error={savedError.value} />;
  const recorded = recordingOf(study.name).kind !== "none";
  if (saved.value.length === 0) return null;
  return (
    <section class="card" aria-labelledby="study-runs-title">
      <h2 id="study-runs-title">Runs</h2>
      <ul class="runs">
        {recorded && <Recorded study={study} />}
        {saved.value.map((entry) => (
          <Entry key={entry.run.id} study={study} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function Recorded({ study }: { readonly study: Study }) {
  const shown = open.value?.request.study !== study.name;
  return (
    <li class={shown ? "run active" : "run"}>
      <button
        type="button"
        class="quiet run-open"
        aria-current={shown ? "true" : undefined}
        disabled={engine.busy.value === "studies"}
        onClick={closeStudy}
      >
        <span>recorded run</span>
      </button>
      {!shown && <Under id={RECORDED} name="the recorded run" />}
    </li>
  );
}

/** Draws a run under the one that is shown. */
function Under({ id, name }: { readonly id: string; readonly name: string }) {
  const on = settings.over.value === id;
  return (
    <button
      type="button"
      class="quiet"
      aria-pressed={on}
      onClick={() => {
        settings.over.value = on ? "" : id;
      }}
    >
      {on ? "Compared" : "Compare"}
      <span class="visually-hidden"> with {name}</span>
    </button>
  );
}

function Entry({ study, entry: { run, rows } }: { readonly study: Study; readonly entry: StudyEntry }) {
  const shown = open.value?.stored?.id === run.id;
  const running = engine.busy.value === "studies";
  const all = run.n * runnable(study, run.policies, run.ownTargets).length;
  const name = `${plural(run.n, "row")} a condition, seed ${run.seed}`;
  return (
    <li class={shown ? "run active" : "run"}>
      <button
        type="button"
        class="quiet run-open"
        aria-current={shown ? "true" : undefined}
        disabled={running}
        onClick={() => void openStudy(run.id).catch(showStorageError)}
      >
        <span>{name}</span>
        <span class="small soft">
          {rows < all ? `${rows} of ${plural(all, "row")}` : plural(all, "row")}, {moment(run.createdAt)}
        </span>
      </button>
      {!shown && <Under id={run.id} name={`the run of ${moment(run.createdAt)}`} />}
      <button
        type="button"
        class="quiet"
        disabled={running && shown}
        onClick={() => void remove(run.id, study.name, name).catch(showStorageError)}
      >
        Delete<span class="visually-hidden"> run {name}</span>
      </button>
    </li>
  );
}

async function remove(id: string, study: string, name: string): Promise<void> {
  const shown = open.peek()?.stored?.id === id;
  await deleteStudy(id, Date.now());
  if (shown) closeStudy();
  if (settings.over.peek() === id) settings.over.value = "";
  await refreshStudies(study);
  toast(`Deleted the run: ${name}.`, {
    label: "Undo",
    run: () => {
      restoreStudy(id)
        .then(() => refreshStudies(study))
        .then(() => (shown ? openStudy(id) : undefined))
        .catch(showStorageError);
    },
  });
}

function showStorageError(error: unknown): void {
  savedError.value = error;
}
