/** One model of this tab: its loading, and the model once it runs. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { DialError } from "../../domain/errors";
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
  /** Cancels a load, or ends the worker. The next `load` starts a new one. */
  close(): void;
}

type Open<Model> = (options: {
  readonly onProgress: (progress: LoadProgress) => void;
  readonly signal: AbortSignal;
}) => Promise<Model>;

/** @param settled called when a load has ended in whatever way. */
export function modelSlot<Model extends { close(): void }>(
  open: Open<Model>,
  settled: () => void,
): ModelSlot<Model> {
  const state = signal<SlotState<Model>>({ kind: "closed" });
  let opening: { readonly model: Promise<Model>; readonly abort: AbortController } | null = null;

  function load(): Promise<Model> {
    if (state.peek().kind === "failed") opening = null;
    opening ??= start();
    return opening.model;
  }

  function start(): NonNullable<typeof opening> {
    const abort = new AbortController();
    state.value = { kind: "loading", progress: null };
    let last: LoadProgress | null = null;
    const onProgress = (progress: LoadProgress): void => {
      last = progress;
      if (state.peek().kind === "loading") state.value = { kind: "loading", progress };
    };
    const model = open({ onProgress, signal: abort.signal });
    model
      .then(
        (opened) => {
          state.value = { kind: "ready", model: opened, progress: last };
        },
        (error: unknown) => {
          opening = null;
          const cancelled = error instanceof DialError && error.code === "aborted";
          state.value = cancelled ? { kind: "closed" } : { kind: "failed", error };
        },
      )
      .then(settled);
    return { model, abort };
  }

  function close(): void {
    const current = state.peek();
    if (current.kind === "loading") opening?.abort.abort();
    if (current.kind === "ready") {
      current.model.close();
      opening = null;
      state.value = { kind: "closed" };
    }
  }

  return { state, load, close };
}
