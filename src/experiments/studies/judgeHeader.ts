import type { Axis } from "../../domain/reward";
import type { RunHeader } from "../../domain/run";

/**
 * The header of a run of the reward-model study.
 * @param files sha256 of the pairs that people chose on each axis.
 * @param models sha256 of each file of the judges, by path.
 * @param judge see matchHeader.
 */
export function judgeHeader(
  files: Readonly<Partial<Record<Axis, string>>>,
  models: RunHeader["models"],
  judge: string | null = null,
): RunHeader {
  const options = { study: "reward-model", ...files, ...(judge && { judge }) };
  return { kind: "study", version: 1, options, models };
}
