/** What the run of a link was made of: what the link carries, and the files that it cannot. */

import type { Target } from "../../domain/reward";
import type { PromptOrigin } from "../../storage/runs";
import { plural } from "../format";
import { OWN, source } from "../match/promptSource";
import { linked } from "../settings";
import { ownTargets } from "./ownTargets";

/** The settings that say what a run was made of: its typed prompts, and the files that a link cannot carry. */
export function linkedSource(
  { source: from, typed = "" }: PromptOrigin,
  own: readonly Target[],
): Readonly<Record<string, string>> {
  return {
    "prompts.typed": typed,
    "linked.prompts": from === OWN.name || typed !== "" ? "" : from,
    "linked.targets": targetsText(own),
  };
}

/** How many targets of the user's own there are; "" where there are none. */
function targetsText(own: readonly Target[]): string {
  return own.length === 0 ? "" : plural(own.length, "target");
}

/** What has to be done before a run is that of the link, as it is told. */
export interface LinkNeeds {
  /** What is not loaded. */
  readonly missing: readonly string[];
  /** What is, and would take the place of what the run was made of. */
  readonly foreign: readonly string[];
}

/** @param takesPrompts whether the run's prompts are those of a file, a list that was typed, or our own set. */
export function linkNeeds(takesPrompts: boolean): LinkNeeds {
  const [from, targets] = [linked.prompts.value, linked.targets.value];
  const [{ name, typed }, own] = [source.value, ownTargets.value];
  const otherPrompts = takesPrompts && from === "" && source.value !== OWN && typed === undefined;
  return {
    missing: [
      ...(takesPrompts && from !== "" && name !== from ? [`its prompts, ${from},`] : []),
      ...(targets !== "" && targets !== targetsText(own?.targets ?? []) ? [`its CSV of ${targets}`] : []),
    ],
    foreign: [
      ...(otherPrompts ? [`the prompts of ${name}`] : []),
      ...(targets === "" && own !== null ? [`the targets of ${own.name}`] : []),
    ],
  };
}

/** The next run is of what is set now, and no longer of a link. */
export function forgetLink(): void {
  for (const setting of Object.values(linked)) setting.value = "";
}
