/** The figures that the reward-model study shows: of one run, and perhaps of another beside it. */

import { computed, effect, signal } from "@preact/signals";
import type { JudgeRecording } from "../../experiments/studies/judgeRecording";
import { type JudgeSummary, summariseJudge } from "../../experiments/studies/summariseJudge";
import { judgeRuns } from "../../storage/judgeRuns";
import { studies as settings } from "../settings";
import { saved } from "./judgeRun";
import { RECORDED } from "./shown";

const RECORDING = import.meta.glob<JudgeRecording>("../../data/studies/reward-model.json", {
  import: "default",
});

/** null while it is read, and where none was made. */
export const recorded = signal<JudgeRecording | null>(null);

export async function readRecorded(): Promise<void> {
  recorded.value ??= (await Object.values(RECORDING)[0]?.()) ?? null;
}

const overSaved = signal<JudgeSummary | null>(null);

/** What is compared with. */
export const under = computed<JudgeSummary | null>(() => {
  if (settings.over.value === "") return null;
  return settings.over.value === RECORDED ? (recorded.value?.summary ?? null) : overSaved.value;
});

/** Keeps `under` at the saved run that the setting names, from now on. */
export function followJudgeOver(): () => void {
  return effect(() => {
    const id = settings.over.value;
    void saved.entries.value; // One that is deleted goes.
    if (id === "" || id === RECORDED) return;
    judgeRuns.read(id).then(
      (found) => {
        if (settings.over.peek() !== id) return;
        if (found) overSaved.value = summariseJudge(found.rows);
        else settings.over.value = "";
      },
      (error: unknown) => {
        saved.error.value = error;
      },
    );
  });
}
