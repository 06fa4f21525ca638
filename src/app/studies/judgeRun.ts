/** The reward-model study in this tab: files of pairs, scored by the judge alone. */

import { computed, signal } from "@preact/signals";
import { DialError } from "../../domain/errors";
import { AXES, type Axis } from "../../domain/reward";
import { readAskedPairs } from "../../experiments/studies/askedPairs";
import { type AskedPair, type JudgedPair, judgePairs } from "../../experiments/studies/judgePairs";
import { type JudgeSummary, summariseJudge } from "../../experiments/studies/summariseJudge";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { textChunks } from "../../storage/textChunks";
import { engine } from "../engine/engine";

export type JudgeRunState =
  | { readonly kind: "idle" }
  | { readonly kind: "loading" }
  | { readonly kind: "running" }
  | { readonly kind: "stopped" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: unknown };

/** Pairs that people chose on each axis. */
export const files = signal<Readonly<Partial<Record<Axis, File>>>>({});
export const state = signal<JudgeRunState>({ kind: "idle" });
export const pairs = signal<readonly JudgedPair[]>([]);

export const summary = computed<JudgeSummary | null>(() =>
  pairs.value.length === 0 ? null : summariseJudge(pairs.value),
);

let abort: AbortController | null = null;

export async function start(): Promise<void> {
  if (engine.busy.peek() !== null) return;
  engine.busy.value = "studies";
  abort = new AbortController();
  const { signal: stopSignal } = abort;
  pairs.value = [];
  state.value = { kind: "loading" };
  try {
    const judge = await unlessAborted(engine.loadJudge(), stopSignal);
    state.value = { kind: "running" };
    for await (const batch of judgePairs(readFiles(files.peek()), judge, undefined, stopSignal)) {
      pairs.value = [...pairs.peek(), ...batch];
    }
    state.value = { kind: "done" };
  } catch (error) {
    const stopped = stopSignal.aborted || (error instanceof DialError && error.code === "aborted");
    state.value = stopped ? { kind: "stopped" } : { kind: "failed", error };
    if (!stopped) engine.closeIfDead(error);
  } finally {
    abort = null;
    engine.busy.value = null;
  }
}

export function stop(): void {
  abort?.abort();
}

/** Shows the recorded figures again. */
export function clear(): void {
  pairs.value = [];
  state.value = { kind: "idle" };
}

/** The pairs of all files; what goes wrong is named after the file. */
async function* readFiles(chosen: Readonly<Partial<Record<Axis, File>>>): AsyncGenerator<AskedPair, void> {
  for (const axis of AXES) {
    const file = chosen[axis];
    if (!file) continue;
    try {
      yield* readAskedPairs(textChunks(file), axis);
    } catch (error) {
      throw error instanceof DialError ? new DialError(error.code, `${file.name}, ${error.message}`) : error;
    }
  }
}
