/** The runs that the open study shows: one, and perhaps another one under it. */

import { computed } from "@preact/signals";
import type { Row } from "../../domain/row";
import type { RunHeader } from "../../domain/run";
import { type StoredStudy, studyRuns } from "../../storage/studyRuns";
import { comparedRun } from "../runs/comparedRun";
import { studies as settings } from "../settings";
import { recordingOf } from "./recordings";
import { saved } from "./savedStudies";
import { onPage, open, rows, study } from "./studyRun";

export interface ShownRun {
  readonly label: string;
  readonly header: RunHeader | undefined;
  readonly rows: readonly Row[];
  readonly seed: number;
}

/** The value of `over` for the recorded run. */
export const RECORDED = "recorded";

const recorded = computed<ShownRun | null>(() => {
  const name = study.value?.name;
  const recording = name === undefined ? null : recordingOf(name);
  if (recording?.kind !== "there") return null;
  const { header, rows } = recording.run;
  return { label: "recorded run", header, rows, seed: Number(header.options.seed) };
});

/** The run of this tab where one of the open study is. */
const own = computed(() => (open.value?.request.study === study.value?.name ? open.value : null));

/** The run of this tab where one is open, else the recorded one. */
export const shown = computed<ShownRun | null>(() => {
  const opened = own.value;
  if (!opened) return recorded.value;
  return {
    label: "run of this browser",
    header: opened.stored?.header,
    rows: rows.value,
    seed: opened.request.seed,
  };
});

const overSaved = comparedRun<StoredStudy, unknown, Row, ShownRun>(
  studyRuns,
  saved,
  settings.over,
  ({ run, rows }) => ({ label: "other run", header: run.header, rows, seed: run.seed }),
  RECORDED,
  onPage,
);
export const followOver = overSaved.follow;

/** The run to compare with; a run is not compared with itself. */
export const under = computed<ShownRun | null>(() => {
  const over = settings.over.value;
  const mine = own.value ? own.value.stored?.id : RECORDED;
  if (over === "" || over === mine) return null;
  return over === RECORDED ? recorded.value : overSaved.run.value;
});
