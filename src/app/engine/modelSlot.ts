/** One model of this tab: its loading, and the model once it runs. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { DialError, hasCode } from "../../domain/errors";
import type { LoadProgress } from "../../runtimes/local/browser";

export type SlotState<Model> =
  | { readonly kind: "closed" }
  | { readonly kind: "loading"; readonly progress: LoadProgress | null }
  | { readonly kind: "ready"; readonly model: Model; readonly progress: LoadProgress | null }
  | { readonly kind: "failed"; readonly error: unknown };

export interface ModelSlot<Model> {
  readonly state: ReadonlySignal<SlotState<Model>>;
  /** The model, loaded now if it is not there yet. Whoever calls while it loads waits for the same load. */
  load(): Promise<Model>;
  /**
   * Begins to load from what this device has, before anybody asks for the model; only where it is closed. `load` joins
   * in, and begins anew should this fail. Since nobody waits, `state` tells of a damaged file and of no other failure.
   * @throws why it failed.
   */
  preload(): Promise<unknown>;
  /** Cancels a load, ends the worker, or forgets a failure. The next `load` starts a new one. */
  close(): void;
}

type Open<Model> = (options: {
  readonly onProgress: (progress: LoadProgress) => void;
  readonly signal: AbortSignal;
  /** Fails rather than download anything. */
  readonly cachedOnly: boolean;
}) => Promise<Model>;

interface Opening<Model> {
  readonly model: Promise<Model>;
  readonly abort: AbortController;
  /** Whether nobody had asked for it when it began. */
  readonly early: boolean;
}

/** @param settled called when a load has ended in whatever way. */
export function modelSlot<Model extends { close(): void }>(
  open: Open<Model>,
  settled: () => void,
): ModelSlot<Model> {
  const state = signal<SlotState<Model>>({ kind: "closed" });
  let opening: Opening<Model> | null = null;

  function load(): Promise<Model> {
    opening ??= start(false);
    const { model, early } = opening;
    if (!early) return model;
    return model.catch((error: unknown) => {
      if (hasCode(error, "aborted")) throw error;
      return load();
    });
  }

  async function preload(): Promise<unknown> {
    if (state.peek().kind !== "closed") return;
    opening = start(true);
    return opening.model;
  }

  function start(early: boolean): Opening<Model> {
    const abort = new AbortController();
    state.value = { kind: "loading", progress: null };
    let last: LoadProgress | null = null;
    const onProgress = (progress: LoadProgress): void => {
      last = progress;
      if (!abort.signal.aborted && state.peek().kind === "loading")
        state.value = { kind: "loading", progress };
    };
    const model = wanted(open({ onProgress, signal: abort.signal, cachedOnly: early }), abort.signal);
    model
      .then(
        (opened) => {
          if (abort.signal.aborted) return;
          state.value = { kind: "ready", model: opened, progress: last };
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          opening = null;
          const untold = hasCode(error, "aborted") || (early && !hasCode(error, "model-damaged"));
          state.value = untold ? { kind: "closed" } : { kind: "failed", error };
        },
      )
      .then(settled);
    return { model, abort, early };
  }

  function close(): void {
    const current = state.peek();
    if (current.kind === "loading") opening?.abort.abort();
    if (current.kind === "ready") current.model.close();
    // At once: who loads next must not join what has been given up.
    opening = null;
    state.value = { kind: "closed" };
  }

  return { state, load, preload, close };
}

/** The model; ended where it came although the load had been cancelled. */
async function wanted<Model extends { close(): void }>(
  opening: Promise<Model>,
  signal: AbortSignal,
): Promise<Model> {
  const model = await opening;
  if (!signal.aborted) return model;
  model.close();
  throw new DialError("aborted", "the load was cancelled", true);
}
