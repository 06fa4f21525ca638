/** Labelling the open file: starting, stopping, going on. It goes on while other views are open. */

import { signal } from "@preact/signals";
import { DialError, hasCode } from "../../domain/errors";
import { labelExamples } from "../../experiments/dataset/labelExamples";
import type { Overview } from "../../experiments/dataset/session";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { engine } from "../engine/engine";
import { keep, overview, readStyle, worker } from "./datasetFile";

export type LabelState =
  | { readonly kind: "idle" }
  | { readonly kind: "loading" }
  | { readonly kind: "running"; readonly since: number; readonly labelledBefore: number }
  | { readonly kind: "failed"; readonly error: unknown };

export const state = signal<LabelState>({ kind: "idle" });
/** Counts the batches that were labelled in this visit; views that show labels read them again when it changes. */
export const batchesLabelled = signal(0);

/** Completions labelled in one call of the judge, and kept together. */
const BATCH = 16;

let abort: AbortController | null = null;

export async function startLabelling(): Promise<void> {
  if (abort !== null) return;
  abort = new AbortController();
  const { signal: stopSignal } = abort;
  state.value = { kind: "loading" };
  try {
    const part = readStyle();
    const judge = await unlessAborted(engine.loadJudge(), stopSignal);
    await worker.checkJudge(judge.models);
    const before = overview.peek()?.labelled ?? 0;
    state.value = { kind: "running", since: performance.now(), labelledBefore: before };
    const batches = worker.unlabelled(part, BATCH, stopSignal);
    let labelled = before;
    for await (const labels of labelExamples(batches, judge, stopSignal)) {
      await keep(worker.keep(labels));
      labelled += labels.keys.length;
      showLabelled(labelled);
    }
    state.value = { kind: "idle" };
  } catch (error) {
    // A load that is cancelled is a stop, too; a judge that is ended at its work is not.
    const ended = hasCode(error, "aborted");
    if (stopSignal.aborted || (ended && state.peek().kind === "loading")) state.value = { kind: "idle" };
    else state.value = { kind: "failed", error: ended ? judgeEnded() : error };
  } finally {
    abort = null;
    batchesLabelled.value++;
  }
}

function judgeEnded(): DialError {
  return new DialError(
    "worker-died",
    "the reward model was ended; the labels so far are kept, start again",
    true,
  );
}

export function stopLabelling(): void {
  abort?.abort();
}

/** An overview that came meanwhile may count them already. */
function showLabelled(labelled: number): void {
  const now = overview.peek() as Overview;
  overview.value = { ...now, labelled: Math.max(now.labelled, labelled) };
  batchesLabelled.value++;
}
