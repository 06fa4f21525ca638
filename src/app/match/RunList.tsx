import { deleteRun, type RunEntry, restoreRun } from "../../storage/runs";
import { ErrorNote } from "../components/ErrorNote";
import { toast } from "../components/Toast";
import { engine } from "../engine/engine";
import { moment, plural } from "../format";
import { closeRun, open, openRun } from "./matchRun";
import { refreshRuns, saved, savedError } from "./savedRuns";

/** Runs that this browser keeps, newest first. */
export function RunList() {
  if (savedError.value !== null) return <ErrorNote error={savedError.value} />;
  if (saved.value.length === 0) return null;
  return (
    <section class="card" aria-labelledby="runs-title">
      <h2 id="runs-title">Saved runs</h2>
      <ul class="runs">
        {saved.value.map((entry) => (
          <Entry key={entry.run.id} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function Entry({ entry: { run, rows } }: { readonly entry: RunEntry }) {
  const shown = open.value?.stored?.id === run.id;
  const running = engine.busy.value === "match";
  const name = `${run.targets}, seed ${run.seed}`;
  return (
    <li class={shown ? "run active" : "run"}>
      <button
        type="button"
        class="quiet run-open"
        aria-current={shown ? "true" : undefined}
        disabled={running}
        onClick={() => void openRun(run.id).catch(showStorageError)}
      >
        <span>{name}</span>
        <span class="small soft">
          {rows < run.n ? `${rows} of ${plural(run.n, "row")}` : plural(run.n, "row")},{" "}
          {moment(run.createdAt)}
        </span>
      </button>
      <button
        type="button"
        class="quiet"
        disabled={running && shown}
        onClick={() => void remove(run.id, name).catch(showStorageError)}
      >
        Delete<span class="visually-hidden"> run {name}</span>
      </button>
    </li>
  );
}

async function remove(id: string, name: string): Promise<void> {
  const shown = open.peek()?.stored?.id === id;
  await deleteRun(id, Date.now());
  if (shown) closeRun();
  await refreshRuns();
  toast(`Deleted the run ${name}.`, {
    label: "Undo",
    run: () => {
      restoreRun(id)
        .then(refreshRuns)
        .then(() => (shown ? openRun(id) : undefined))
        .catch(showStorageError);
    },
  });
}

function showStorageError(error: unknown): void {
  savedError.value = error;
}
