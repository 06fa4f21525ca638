import type { LoadProgress } from "../../runtimes/local/browser";
import type { SlotState } from "./modelSlot";

/**
 * How far the loads of several models are together. One that is there counts too, so that the sum does not fall when
 * it has come; the step is one of a model that still loads. Null before such a model has said anything.
 */
export function sumProgress(slots: readonly SlotState<unknown>[]): LoadProgress | null {
  const loads = slots.flatMap((slot) => ("progress" in slot && slot.progress ? [slot.progress] : []));
  const [step] = slots.flatMap((slot) =>
    slot.kind === "loading" && slot.progress ? [slot.progress.step] : [],
  );
  const sum = (key: "receivedBytes" | "totalBytes"): number =>
    loads.reduce((total, load) => total + load[key], 0);
  if (step === undefined) return null;
  return { step, receivedBytes: sum("receivedBytes"), totalBytes: sum("totalBytes") };
}
