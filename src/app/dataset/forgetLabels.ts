import { removeLabels, restoreLabels } from "../../storage/datasets";
import { keptOrTold } from "../keptOrTold";
import { files, overview, style, unsaved, worker } from "./datasetFile";
import { batchesLabelled } from "./labelRun";

/**
 * Takes the labels of every file off this device.
 * @returns puts them back.
 */
export async function forgetLabels(): Promise<() => Promise<void>> {
  const removed = await removeLabels();
  await keptOrTold(takeUpLabels(), unsaved);
  return () => keptOrTold(restoreLabels(removed).then(takeUpLabels), unsaved);
}

async function takeUpLabels(): Promise<void> {
  if (files.peek() === null) return;
  await worker.takeUpLabels();
  const part = style.peek();
  if (part) overview.value = await worker.overview(part);
  batchesLabelled.value++;
}
