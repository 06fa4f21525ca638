/** What the labels that there are look like: counts, histograms, the first rows as they will be written. */

import { effect, signal } from "@preact/signals";
import type { RewardBins } from "../../domain/dataset/rewardBins";
import type { Style } from "../../experiments/dataset/session";
import type { WrittenRow } from "../../experiments/dataset/writeRows";
import { files, overview, style, worker } from "./datasetFile";
import { batchesLabelled } from "./labelRun";

export interface LabelledRows {
  readonly bins: RewardBins;
  readonly first: readonly WrittenRow[];
}

export const labelledRows = signal<LabelledRows | null>(null);
export const labelledError = signal<unknown>(null);

const PREVIEWED = 3;
/** Labels come faster than a histogram need be drawn. */
const EVERY_MS = 1500;

/** Keeps all of it up to date until the function that it gives is called. */
export function followLabels(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: Style | null = null;
  let at = 0;
  const stop = effect(() => {
    const current = style.value;
    const changed = current !== asked;
    asked = current;
    const open = files.value;
    void batchesLabelled.value;
    clearTimeout(timer);
    if (!open || !current) return;
    const wait = changed ? 0 : Math.max(0, at + EVERY_MS - performance.now());
    timer = setTimeout(() => {
      at = performance.now();
      void read(current);
    }, wait);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

let newest = 0;

/** An answer that comes after a newer question is dropped. */
async function read(current: Style): Promise<void> {
  const number = ++newest;
  try {
    const found = await worker.overview(current);
    if (number !== newest) return;
    overview.value = found;
    const rows =
      found.labelled === 0
        ? null
        : { bins: await worker.bins(current), first: await worker.preview(current, PREVIEWED) };
    if (number !== newest) return;
    labelledRows.value = rows;
    labelledError.value = null;
  } catch (error) {
    if (number === newest) labelledError.value = error;
  }
}
