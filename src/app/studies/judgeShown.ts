/** The figures that the reward-model study shows: of one run, and perhaps of another beside it. */

import { computed, signal } from "@preact/signals";
import type { JudgedPair } from "../../experiments/studies/judgePairs";
import type { JudgeRecording } from "../../experiments/studies/judgeRecording";
import { type JudgeSummary, summariseJudge } from "../../experiments/studies/summariseJudge";
import { judgeRuns, type StoredJudgeRun } from "../../storage/judgeRuns";
import { comparedRun } from "../runs/comparedRun";
import { studies as settings } from "../settings";
import { open, saved } from "./judgeRun";
import { RECORDED } from "./shown";

const RECORDING = import.meta.glob<JudgeRecording>("../../data/studies/reward-model.json", {
  import: "default",
});

/** null while it is read, and where none was made. */
export const recorded = signal<JudgeRecording | null>(null);

export async function readRecorded(): Promise<void> {
  recorded.value ??= (await Object.values(RECORDING)[0]?.()) ?? null;
}

const overSaved = comparedRun<StoredJudgeRun, unknown, JudgedPair, JudgeSummary>(
  judgeRuns,
  saved,
  settings.over,
  ({ rows }) => summariseJudge(rows),
  RECORDED,
);
export const followJudgeOver = overSaved.follow;

/** What is compared with; a run is not compared with itself. */
export const under = computed<JudgeSummary | null>(() => {
  const over = settings.over.value;
  const mine = open.value ? open.value.stored?.id : RECORDED;
  if (over === "" || over === mine) return null;
  return over === RECORDED ? (recorded.value?.summary ?? null) : overSaved.run.value;
});
