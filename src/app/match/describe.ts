import { targetsName } from "../../experiments/matchTargets";
import type { StoredRun } from "../../storage/runs";

/** What tells a run from others of the list. */
export function describe({ targets, seed, bestOf, sampling, policy }: StoredRun): string {
  const parts = [targetsName(targets), `seed ${seed}`, policy];
  if (bestOf > 1) parts.push(`best of ${bestOf}`);
  if (sampling.guidance !== 1) parts.push(`guidance ${sampling.guidance}`);
  return parts.join(", ");
}
