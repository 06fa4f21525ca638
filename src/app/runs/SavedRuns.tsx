import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { deleteRun, type RunEntry, type RunHead, restoreRun } from "../../storage/runStore";
import { ErrorNote } from "../components/ErrorNote";
import { toast } from "../components/Toast";
import { focusAfter } from "../focusAfter";
import { moment, plural } from "../format";
import type { SavedList } from "./savedList";

interface SavedRunsProps<Head> {
  readonly title: string;
  readonly saved: SavedList<Head>;
  /** Whether a run of this list is going on; another cannot be opened then. */
  readonly running: boolean;
  /** The run on the screen. */
  readonly shown: string | undefined;
  readonly nameOf: (run: Head) => string;
  /** Rows that the run has when it is done, and what they are. */
  readonly rowsOf: (run: Head) => number;
  readonly unit: string;
  readonly open: (id: string) => Promise<void>;
  /** Takes the run on the screen off it. */
  readonly close: () => void;
  /** More buttons of a run. */
  readonly more?: (run: Head) => ComponentChildren;
  /** Entries before those of the list. */
  readonly children?: ComponentChildren;
}

/** Runs that this browser keeps, newest first. */
export function SavedRuns<Head extends RunHead>(props: SavedRunsProps<Head>) {
  const id = useId();
  const { title, saved, children } = props;
  return (
    <>
      {saved.error.value !== null && (
        <ErrorNote error={saved.error.value} tryAgain={() => void saved.refresh()} />
      )}
      {saved.entries.value.length > 0 && (
        <section class="card" aria-labelledby={id}>
          <h2 id={id}>{title}</h2>
          <ul class="runs">
            {children}
            {saved.entries.value.map((entry) => (
              <Entry key={entry.run.id} entry={entry} {...props} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Entry<Head extends RunHead>(props: SavedRunsProps<Head> & { readonly entry: RunEntry<Head> }) {
  const { entry, saved, running, nameOf, rowsOf, unit, open, more } = props;
  const { run, rows } = entry;
  const shown = props.shown === run.id;
  const all = rowsOf(run);
  const name = nameOf(run);
  return (
    <li class={shown ? "run active" : "run"}>
      <RunButton
        shown={shown}
        running={running}
        name={name}
        onClick={() => void open(run.id).catch(tell(saved.error))}
      >
        <span class="small soft">
          {rows < all ? `${rows} of ${plural(all, unit)}` : plural(all, unit)}, {moment(run.createdAt)}
        </span>
      </RunButton>
      {more?.(run)}
      <button
        type="button"
        class="quiet"
        disabled={running && shown}
        onClick={({ currentTarget }) =>
          void remove(props, run.id, name).then(focusAfter(currentTarget), tell(saved.error))
        }
      >
        Delete<span class="visually-hidden"> run {name}</span>
      </button>
    </li>
  );
}

interface RunButtonProps {
  readonly shown: boolean;
  readonly running: boolean;
  readonly name: string;
  readonly onClick: () => void;
  readonly children?: ComponentChildren;
}

/** The button that shows a run. */
export function RunButton({ shown, running, name, onClick, children }: RunButtonProps) {
  return (
    <button
      type="button"
      class="quiet run-open"
      aria-current={shown ? "true" : undefined}
      disabled={running}
      onClick={onClick}
    >
      <span>{name}</span>
      {children}
    </button>
  );
}

async function remove<Head extends RunHead>(
  { saved, shown, open, close }: SavedRunsProps<Head>,
  id: string,
  name: string,
): Promise<void> {
  await deleteRun(id, Date.now());
  if (shown === id) close();
  await saved.refresh();
  toast(`Deleted the run ${name}.`, () => {
    restoreRun(id)
      .then(() => saved.refresh())
      .then(() => (shown === id ? open(id) : undefined))
      .catch(tell(saved.error));
  });
}

const tell =
  (error: SavedList<never>["error"]) =>
  (reason: unknown): void => {
    error.value = reason;
  };
