/** A run of one kind: which one is open, its rows, and beginning, stopping, opening and going on with it. */

import { effect, type Signal, signal } from "@preact/signals";
import { checkSameRun, type RunHeader, withRows } from "../../domain/run";
import type { FoundRun, RunHead, RunStore } from "../../storage/runStore";
import { toast } from "../components/Toast";
import { type Busy, engine } from "../engine/engine";
import { keptOrTold } from "../keptOrTold";
import { exclusiveRun, type RunEnd } from "./exclusiveRun";
import { holdRun } from "./holdRun";
import { newRun } from "./newRun";
import { rowFeed } from "./rowFeed";
import type { SavedList } from "./savedList";

interface StoredHead extends RunHead {
  readonly n: number;
  readonly header: RunHeader;
}

/** The run on the screen; `stored` is null until the models have said what they were loaded from. */
export interface OpenRun<Request, Head> {
  readonly request: Request;
  readonly stored: Head | null;
}

interface RunKind<Request, Head extends StoredHead, Content, Row extends object> {
  readonly owner: Busy;
  readonly store: RunStore<Head, Content, Row>;
  readonly saved: SavedList<Head>;
  /** Id of the run on the screen. */
  readonly setting: Signal<string>;
  /** The row that is open; of another run, once one begins. */
  readonly row: Signal<string>;
  /** Whether the address asks for a page of such runs: those of another kind may share the settings. */
  onPage(): boolean;
  /** What runs of such a request are made of. */
  contentOf(request: Request): Content;
  /** null where the run is not for what the page shows now. */
  requestOf(found: FoundRun<Head, Content, Row>): Request | null;
  /** Rows that it has when it is done. */
  allRows(request: Request): number;
  /** Makes the rows that are not there yet, and gives each to `addRows`. */
  make(opened: OpenRun<Request, Head>, signal: AbortSignal): Promise<void>;
}

/** What differs from one run of a kind to the next, less its id. */
export type NewHead<Head extends StoredHead> = Omit<Head, "id" | "createdAt" | "header">;

/** `Stage`: what a run may be at before it ends. */
export function keptRun<
  Request extends { readonly n: number },
  Head extends StoredHead,
  Content,
  Row extends object,
  Stage,
>(kind: RunKind<Request, Head, Content, Row>) {
  const { owner, store, saved, setting } = kind;
  const open = signal<OpenRun<Request, Head> | null>(null);
  const rows = signal<readonly Row[]>([]);
  const state = signal<Stage | RunEnd>({ kind: "stopped" });
  /** Why the last press of the button that starts did nothing. */
  const refused = signal<unknown>(null);
  /** Set when the browser does not keep rows; the run goes on without. */
  const unsaved = signal<unknown>(null);
  /** Whether the address named a run that this browser does not keep. */
  const elsewhere = signal(false);
  /** The open run's larger head, until those who make its new rows are known to be the same. */
  let grown: Head | null = null;
  /** Lets other tabs go on with the run that goes on here. */
  let release = (): void => {};
  /** Counts what was asked to be shown: what is read late must not take the place of what was asked for after it. */
  let asked = 0;
  const models = exclusiveRun(owner);
  const feed = rowFeed(rows);

  function show(opened: OpenRun<Request, Head> | null, found: readonly Row[]): void {
    asked++;
    open.value = opened;
    rows.value = found;
    state.value = { kind: opened && found.length >= kind.allRows(opened.request) ? "done" : "stopped" };
    refused.value = null;
    unsaved.value = null;
    elsewhere.value = false;
    setting.value = opened?.stored?.id ?? "";
  }

  /** Makes the rows that the open run does not have yet. Returns how that ended. */
  async function goOn(): Promise<RunEnd | undefined> {
    const opened = open.peek();
    if (!opened) return;
    let ended: RunEnd | undefined;
    const make = async (signal: AbortSignal): Promise<void> => {
      try {
        const taken = opened.stored ? await takeUp(opened, opened.stored) : opened;
        signal.throwIfAborted();
        await kind.make(taken, signal);
      } finally {
        feed.flush();
        release();
        release = () => {};
      }
    };
    await models.run(make, (end) => {
      ended = end;
      state.value = end;
      void saved.refresh();
    });
    return ended;
  }

  /** Holds a kept run. Returns it as another tab may have left it, with rows made or more to be made. */
  async function takeUp(opened: OpenRun<Request, Head>, { id, n }: Head): Promise<OpenRun<Request, Head>> {
    release = await holdRun(id);
    // Where the browser keeps nothing, the rows are those here.
    const found = await store.read(id).catch(() => null);
    if (found && found.rows.length > rows.peek().length) rows.value = found.rows;
    if (!found || found.run.n <= n) return opened;
    const larger = { request: { ...opened.request, n: found.run.n }, stored: found.run };
    grown = null;
    open.value = larger;
    return larger;
  }

  /** Whether the page that the address asks for shows the run. */
  const isShown = (run: Head, content: Content): boolean =>
    kind.onPage() && kind.requestOf({ run, content, rows: [] }) !== null;

  /** Opens a run of the list, or the one that the address names. */
  async function openRun(id: string): Promise<void> {
    const mine = ++asked;
    const found = await models.unlessRunning(() => store.read(id));
    if (found === undefined || mine !== asked || !kind.onPage()) return;
    const request = found && kind.requestOf(found);
    // Of another page than the one shown, which the address does not ask for: an undone deletion.
    if (found && !request && setting.peek() !== id) return;
    if (!request) {
      // What was on the screen is not what the address asks for.
      show(null, []);
      elsewhere.value = true;
      return;
    }
    show({ request, stored: found.run }, found.rows);
  }

  return {
    open,
    rows,
    state,
    refused,
    unsaved,
    elsewhere,
    goOn,
    stop: models.stop,

    /** @param read throws where the settings make no run; `refused` says why then. */
    async start(read: () => Request | Promise<Request>): Promise<void> {
      let request: Request;
      try {
        request = await read();
      } catch (error) {
        refused.value = error;
        return;
      }
      kind.row.value = "";
      if (engine.busy.peek() !== null) return;
      show({ request, stored: null }, []);
      await goOn();
    },

    /**
     * Keeps the open run under the header that its models have now.
     * @param head of a run that begins.
     * @throws DialError "invalid-option" where it was begun by others.
     */
    async keep(
      { request, stored }: OpenRun<Request, Head>,
      header: RunHeader,
      head: NewHead<Head>,
    ): Promise<void> {
      const content = kind.contentOf(request);
      if (stored) {
        checkSameRun(stored.header, header);
        if (grown !== stored) return;
        grown = null;
        await keptOrTold(store.save(stored, content), unsaved);
      } else {
        const begun = { ...head, ...newRun(), header } as StoredHead as Head;
        release = await holdRun(begun.id);
        await keptOrTold(store.save(begun, content), unsaved);
        open.value = { request, stored: begun };
        // By now another study may be on the page, or the address may name another run.
        if (setting.peek() === "" && isShown(begun, content)) setting.value = begun.id;
      }
    },

    /** Keeps rows of the open run, and shows them soon. */
    async addRows(made: readonly Row[]): Promise<void> {
      const id = open.peek()?.stored?.id;
      if (id !== undefined) await keptOrTold(store.saveRows(id, made), unsaved);
      feed.add(made);
    },

    /** Shows the rows that wait now. */
    flush: feed.flush,

    /** Gives the open run more rows; those that it has stay. */
    async extend(n: number): Promise<void> {
      const opened = open.peek();
      if (!opened?.stored || engine.busy.peek() !== null) return;
      const stored = { ...opened.stored, n, header: withRows(opened.stored.header, n) };
      grown = stored;
      refused.value = null;
      open.value = { request: { ...opened.request, n }, stored };
      const ended = await goOn();
      if (grown !== stored) return;
      // Stopped or refused before its first new row: it is the finished run that it was.
      grown = null;
      // A failed load is shown by its panel.
      if (ended?.kind === "failed" && !engine.shows(ended.error)) refused.value = ended.error;
      open.value = opened;
      state.value = { kind: "done" };
    },

    openRun,

    /**
     * Shows the run that the address names, from now on, whenever that is another one. One that goes on stays until it
     * has ended, and is named where the address names none.
     * @returns what ends that.
     */
    follow(): () => void {
      return effect(() => {
        const goesOn = models.running.value;
        const id = setting.value;
        const opened = open.peek();
        if (!kind.onPage() || id === (opened?.stored?.id ?? "")) return;
        if (id !== "") {
          if (goesOn) toast("The run of this link opens when the one that goes on has ended.");
          // Where the browser keeps nothing, the list of runs says so.
          else openRun(id).catch(() => {});
        } else if (opened?.stored && isShown(opened.stored, kind.contentOf(opened.request))) {
          if (goesOn) setting.value = opened.stored.id;
          else show(null, []);
        }
      });
    },

    /** Takes the open run off the screen, unless it is going on. */
    close(): void {
      if (!models.running.peek()) show(null, []);
    },
  };
}
