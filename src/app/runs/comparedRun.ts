import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { FoundRun, RunHead, RunStore } from "../../storage/runStore";
import type { SavedList } from "./savedList";

/** The saved run that another one is compared with. */
export interface ComparedRun<Found> {
  /** null while none is picked, and while it is read. */
  readonly run: ReadonlySignal<Found | null>;
  /** Keeps `run` at the saved run that the setting names, from now on. @returns what ends that. */
  follow(): () => void;
}

/**
 * @param setting id of the run, "" for none.
 * @param elsewhere a value of the setting that names a run which is not among the saved ones.
 * @param onPage whether the address asks for a page of such runs: those of another kind may share the setting.
 */
export function comparedRun<Head extends RunHead, Content, Row extends object, Found>(
  store: Pick<RunStore<Head, Content, Row>, "read">,
  { entries, error }: Pick<SavedList<Head>, "entries" | "error">,
  setting: Signal<string>,
  foundOf: (found: FoundRun<Head, Content, Row>) => Found,
  elsewhere = "",
  onPage = (): boolean => true,
): ComparedRun<Found> {
  const run = signal<Found | null>(null);
  let read = "";
  const follow = (): (() => void) =>
    effect(() => {
      const id = setting.value;
      void entries.value; // One that is deleted goes.
      if (id !== read) run.value = null;
      read = id;
      if (id === "" || id === elsewhere || !onPage()) return;
      store.read(id).then(
        (found) => {
          if (setting.peek() !== id || !onPage()) return;
          if (found) run.value = foundOf(found);
          else setting.value = "";
        },
        (reason: unknown) => {
          error.value = reason;
        },
      );
    });
  return { run, follow };
}
