import { computed } from "@preact/signals";
import { hasCode } from "../../domain/errors";
import { type Busy, engine } from "../engine/engine";

/** How a run ended. */
export type RunEnd =
  | { readonly kind: "done" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Work that has the models for itself: one at a time in the tab, stopped within a token. */
export function exclusiveRun(owner: Busy) {
  let abort: AbortController | null = null;
  const running = computed(() => engine.busy.value === owner);
  return {
    running,

    /**
     * Does nothing while the models are busy.
     * @param told is called with its end, whatever that is.
     */
    async run(work: (signal: AbortSignal) => Promise<void>, told: (end: RunEnd) => void): Promise<void> {
      if (engine.busy.peek() !== null) return;
      engine.busy.value = owner;
      abort = new AbortController();
      const { signal } = abort;
      try {
        await work(signal);
        told({ kind: "done" });
      } catch (error) {
        const stopped = signal.aborted || hasCode(error, "aborted");
        told(stopped ? { kind: "stopped" } : { kind: "failed", error });
        if (!stopped) engine.closeIfDead(error);
      } finally {
        abort = null;
        engine.busy.value = null;
      }
    },

    /** What is read for the screen; undefined where the work runs or began in the meantime: it stays on the screen. */
    async unlessRunning<Found>(read: () => Promise<Found>): Promise<Found | undefined> {
      if (running.peek()) return undefined;
      const found = await read();
      return running.peek() ? undefined : found;
    },

    stop(): void {
      abort?.abort();
    },
  };
}
