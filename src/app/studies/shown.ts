/** The runs that the open study shows: one, and perhaps another one under it. */

import { computed, effect, signal } from "@preact/signals";
import { OWN_PROMPTS } from "../../data/ownPrompts";
import { formatTranscript } from "../../domain/dialogue";
import type { Row } from "../../domain/row";
import type { RunHeader } from "../../domain/run";
import { studyRuns } from "../../storage/studyRuns";
import { studies as settings } from "../settings";
import { recordingOf } from "./recordings";
import { saved } from "./savedStudies";
import { open, rows, study } from "./studyRun";

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

/** The run of this tab where one is open, else the recorded one. */
export const shown = computed<ShownRun | null>(() => {
  const opened = open.value;
  if (!opened || opened.request.study !== study.value?.name) return recorded.value;
  return {
    label: "run of this browser",
    header: opened.stored?.header,
    rows: rows.value,
    seed: opened.request.seed,
  };
});

const overSaved = signal<ShownRun | null>(null);

/** The run to compare with. */
export const under = computed<ShownRun | null>(() => {
  if (settings.over.value === "") return null;
  return settings.over.value === RECORDED ? recorded.value : overSaved.value;
});

/** Keeps `under` at the saved run that the setting names, from now on. */
export function followOver(): () => void {
  let before = "";
  return effect(() => {
    const id = settings.over.value;
    void saved.entries.value; // One that is deleted goes.
    if (id !== before) overSaved.value = null;
    before = id;
    if (id === "" || id === RECORDED) return;
    studyRuns.read(id).then(
      (found) => {
        if (settings.over.peek() !== id) return;
        if (found) {
          const { run, rows } = found;
          overSaved.value = { label: "other run", header: run.header, rows, seed: run.seed };
        } else settings.over.value = "";
      },
      (error: unknown) => {
        saved.error.value = error;
      },
    );
  });
}

/** Fifths of the targets of an axis, as the filter names them. */
export const TARGET_BINS = ["helpful", "harmless"].flatMap((axis) =>
  [0, 1, 2, 3, 4].map((fifth) => ({
    name: `${axis} ${fifth}`,
    label: `${axis} ${(fifth / 5).toFixed(1)} to ${((fifth + 1) / 5).toFixed(1)}`,
    axis: axis as "helpful" | "harmless",
    from: fifth / 5,
    to: (fifth + 1) / 5,
  })),
);

const PROMPT_SETS = new Map(
  OWN_PROMPTS.map(({ probes, dialogue }) => [formatTranscript(dialogue), probes as string]),
);

/** Whether any of the rows is of a prompt of our own, which the filter of prompt sets goes by. */
export function hasPromptSets(rows: readonly Row[]): boolean {
  return rows.some(({ prompt }) => PROMPT_SETS.has(prompt));
}

/** The rows that the filters leave, of all conditions. */
export function filtered(all: readonly Row[]): readonly Row[] {
  const set = hasPromptSets(all) ? settings.prompts.value : "";
  const bin = TARGET_BINS.find(({ name }) => name === settings.targets.value);
  return all.filter(({ prompt, target }) => {
    if (set !== "" && PROMPT_SETS.get(prompt) !== set) return false;
    if (!bin) return true;
    const asked = target[bin.axis];
    return asked !== undefined && asked >= bin.from && (asked < bin.to || (bin.to === 1 && asked === 1));
  });
}
