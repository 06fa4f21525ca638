import type { PlannedFile } from "../../runtimes/local/browser";
import { bytes } from "../format";
import type { PlanState } from "./engine";
import { missingBytes } from "./missingBytes";

/**
 * What is to be downloaded before a run; "" while that is not known.
 * @param needs whether the run needs a file of the plan.
 * @param more bytes to download beside those of the plan.
 */
export function downloadText(plan: PlanState, needs: (file: PlannedFile) => boolean, more = 0): string {
  if (plan.kind !== "known") return "";
  const left = more + missingBytes(plan.plan.files.filter(needs));
  return left > 0 ? `${bytes(left)} to download. ` : "Nothing to download. ";
}
