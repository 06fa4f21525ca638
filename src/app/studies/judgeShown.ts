/** The figures that the reward-model study shows: of one run, and perhaps of another beside it. */

import { computed, signal } from "@preact/signals";
import type { JudgedPair } from "../../experiments/studies/judgePairs";
import type { JudgeRecording } from "../../experiments/studies/judgeRecording";
import { REWARD_MODEL } from "../../experiments/studies/judgeStudies";
import { summariseJudge } from "../../experiments/studies/summariseJudge";
import { judgeRuns, type StoredJudgeRun } from "../../storage/judgeRuns";
import { comparedRun } from "../runs/comparedRun";
import { studies as settings } from "../settings";
import { onPage, open, saved } from "./judgeRun";
import { fetchRecording, type Recording } from "./recordings";
import { RECORDED } from "./shown";

const [ADDRESS] = Object.values(
  import.meta.glob<string>("../../data/studies/reward-model.json", {
    query: "?url",
    import: "default",
    eager: true,
  }),
);

export const recorded = signal<Recording<JudgeRecording>>({
  kind: ADDRESS === undefined ? "none" : "loading",
});

/** Reads the figures that ship once. */
export async function readRecorded(): Promise<void> {
  if (ADDRESS === undefined || recorded.peek().kind === "there") return;
  recorded.value = await fetchRecording(REWARD_MODEL.name, ADDRESS, async (content) =>
    JSON.parse(await content.text()),
  );
}

const overSaved = comparedRun<StoredJudgeRun, unknown, JudgedPair, JudgeRecording>(
  judgeRuns,
  saved,
  settings.over,
  ({ run: { header }, rows }) => ({ header, summary: summariseJudge(rows) }),
  RECORDED,
  onPage,
);
export const followJudgeOver = overSaved.follow;

/** What is compared with; a run is not compared with itself. */
export const under = computed<JudgeRecording | null>(() => {
  const over = settings.over.value;
  const mine = open.value ? open.value.stored?.id : RECORDED;
  if (over === "" || over === mine) return null;
  if (over !== RECORDED) return overSaved.run.value;
  return recorded.value.kind === "there" ? recorded.value.run : null;
});
