/** The files that the run of a link was made with. */

import { computed } from "@preact/signals";
import type { Target } from "../../domain/reward";
import { plural } from "../format";
import { OWN, source, TYPED } from "../match/promptSource";
import { linked, prompts } from "../settings";
import { ownTargets } from "./ownTargets";

/** The settings that say which files a run needs that a link cannot carry; typed prompts it can. */
export function linkedFiles(from: string, own: readonly Target[]): Readonly<Record<string, string>> {
  const carried = from === OWN.name || (from === TYPED && prompts.typed.value !== "");
  return {
    "linked.prompts": carried ? "" : from,
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
