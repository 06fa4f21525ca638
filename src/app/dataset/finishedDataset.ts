/** The files made of the open dataset: for saving here, and for whoever uploads them. */

import { computed, signal } from "@preact/signals";
import { hasCode } from "../../domain/errors";
import type { FineTuningFile } from "../../domain/fineTuningFile";
import type { Style } from "../../experiments/dataset/session";
import type { WrittenDataset } from "../../runtimes/local/datasetWorkerApi";
import { RULES, readNumber } from "../fields";
import { dataset as settings } from "../settings";
import { files, readStyle, worker } from "./datasetFile";

export interface FinishedDataset extends WrittenDataset {
  readonly style: Style;
  readonly epochs: number;
}

export type WriteState =
  | { readonly kind: "idle" }
  | { readonly kind: "writing"; readonly share: number }
  | { readonly kind: "failed"; readonly error: unknown };

export const writeState = signal<WriteState>({ kind: "idle" });
export const finished = signal<FinishedDataset | null>(null);

/** For training first, then for validation; none until they have been made. */
export const finishedFiles = computed<readonly FineTuningFile[]>(() => finished.value?.files ?? []);

let abort: AbortController | null = null;

export async function makeFiles(): Promise<void> {
  const opened = files.peek();
  if (!opened || abort !== null) return;
  abort = new AbortController();
  const { signal: stopSignal } = abort;
  writeState.value = { kind: "writing", share: 0 };
  try {
    const style = readStyle();
    const epochs = readNumber(settings.epochs.peek(), RULES.epochs);
    const onRead = (share: number): void => {
      if (writeState.peek().kind === "writing") writeState.value = { kind: "writing", share };
    };
    const written = await worker.write(style, opened.data.name, onRead, stopSignal);
    finished.value = { ...written, style, epochs };
    writeState.value = { kind: "idle" };
  } catch (error) {
    const stopped = stopSignal.aborted || hasCode(error, "aborted");
    writeState.value = stopped ? { kind: "idle" } : { kind: "failed", error };
  } finally {
    abort = null;
  }
}

export function stopWriting(): void {
  abort?.abort();
}
