/** What the labels that there are look like: counts, histograms, the first rows as they will be written. */

import { effect, signal } from "@preact/signals";
import type { RewardBins } from "../../domain/dataset/rewardBins";
import type { Style } from "../../experiments/dataset/session";
import type { WrittenRow } from "../../experiments/dataset/writeRows";
import type { DatasetFiles } from "../../storage/datasets";
import { files, overview, style, worker } from "./datasetFile";
import { batchesLabelled } from "./labelRun";

export interface LabelledRows {
  /** What they are of: another file may have been opened since. */
  readonly files: DatasetFiles;
  readonly bins: RewardBins;
  readonly first: readonly WrittenRow[];
}

export const labelledRows = signal<LabelledRows | null>(null);
export const labelledError = signal<unknown>(null);

const PREVIEWED = 3;
/** Labels come faster than a histogram need be drawn; a large one takes a tenth of the worker's time at most. */
const EVERY_MS = 1500;
const PAUSE = 10;

/** Keeps all of it up to date until the function that it gives is called. */
export function followLabels(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: readonly [DatasetFiles | null, Style | null] = [null, null];
  let reading = false;
  let following = true;
  /** When the labels may be read again; another file or style does not wait. */
  let next = 0;
  const isShown = (): boolean => shown[0] === files.peek() && shown[1] === style.peek();
  const schedule = (): void => {
    clearTimeout(timer);
    if (!following || !files.peek() || !style.peek()) return;
    timer = setTimeout(update, Math.max(0, next - performance.now()));
  };
  const update = async (): Promise<void> => {
    const [opened, current] = [files.peek(), style.peek()];
    if (reading || !opened || !current) return;
    reading = true;
    shown = [opened, current];
    const since = performance.now();
    const batches = batchesLabelled.peek();
    await read(opened, current);
    reading = false;
    const now = performance.now();
    next = isShown() ? now + Math.max(EVERY_MS, PAUSE * (now - since)) : 0;
    if (next === 0 || batches !== batchesLabelled.peek()) schedule();
  };
  const stop = effect(() => {
    void batchesLabelled.value;
    void files.value;
    void style.value;
    if (!isShown()) next = 0;
    schedule();
  });
  return () => {
    following = false;
    clearTimeout(timer);
    stop();
  };
}

async function read(opened: DatasetFiles, current: Style): Promise<void> {
  try {
    const found = await worker.overview(current);
    if (files.peek() !== opened) return;
    overview.value = found;
    labelledRows.value =
      found.labelled === 0
        ? null
        : {
            files: opened,
            bins: await worker.bins(current),
            first: await worker.preview(current, PREVIEWED),
          };
    labelledError.value = null;
  } catch (error) {
    labelledError.value = error;
  }
}
