/** What the run of a link was made of: what the link carries, and the files that it cannot. */

import { computed } from "@preact/signals";
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
    "linked.targets": own.length === 0 ? "" : plural(own.length, "target"),
  };
}

/** What has to be loaded before a run is that of the link, as it is told; empty where nothing has. */
export const missingFiles = computed<readonly string[]>(() => {
  const { prompts: from, targets } = linked;
  return [
    ...(from.value !== "" && source.value === OWN ? [`its prompts, ${from.value},`] : []),
    ...(targets.value !== "" && ownTargets.value === null ? [`its CSV of ${targets.value}`] : []),
  ];
});

/** The next run is of what is set now, and no longer of a link. */
export function forgetLink(): void {
  for (const setting of Object.values(linked)) setting.value = "";
}
