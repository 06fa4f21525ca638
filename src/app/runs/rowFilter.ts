/** Which rows of a run are shown: those of a set of prompts, and of a part of the targets. */

import type { Signal } from "@preact/signals";
import { OWN_PROMPTS } from "../../data/ownPrompts";
import { formatTranscript } from "../../domain/dialogue";
import { AXES } from "../../domain/reward";
import type { Row } from "../../domain/row";

/** What is picked; empty leaves all. */
export interface RowFilter {
  readonly prompts: Signal<string>;
  /** Name of one of `TARGET_BINS`. */
  readonly targets: Signal<string>;
}

/** What the filter of prompts leaves. */
export const PROMPT_CHOICES = [
  ["", "all prompts"],
  ["helpful", "asking for help"],
  ["harmless", "probing for harm"],
] as const;

/** Fifths of the targets of an axis, as the filter names them. */
export const TARGET_BINS = AXES.flatMap((axis) =>
  [0, 1, 2, 3, 4].map((fifth) => ({
    name: `${axis} ${fifth}`,
    label: `${axis} ${(fifth / 5).toFixed(1)} to ${((fifth + 1) / 5).toFixed(1)}`,
    axis,
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

/**
 * The rows that the filter leaves, of all conditions.
 * @param promptSets whether the filter of prompt sets is offered.
 */
export function filtered(
  all: readonly Row[],
  { prompts, targets }: RowFilter,
  promptSets: boolean,
): readonly Row[] {
  const set = promptSets ? prompts.value : "";
  const bin = TARGET_BINS.find(({ name }) => name === targets.value);
  if (set === "" && !bin) return all;
  return all.filter(({ prompt, target }) => {
    if (set !== "" && PROMPT_SETS.get(prompt) !== set) return false;
    if (!bin) return true;
    const asked = target[bin.axis];
    return asked !== undefined && asked >= bin.from && (asked < bin.to || (bin.to === 1 && asked === 1));
  });
}

/** What the filter leaves, "" where that is all. */
export function filterText({ prompts, targets }: RowFilter, promptSets: boolean): string {
  const picked = promptSets ? prompts.value : "";
  const set = picked === "" ? undefined : PROMPT_CHOICES.find(([name]) => name === picked);
  const bin = TARGET_BINS.find(({ name }) => name === targets.value);
  const parts = [set && `prompts ${set[1]}`, bin && `targets of ${bin.label}`];
  const left = parts.filter((part) => part !== undefined).join(", ");
  return left && `Only rows with ${left}.`;
}
