import type { Axis } from "../../domain/reward";
import type { RunHeader } from "../../domain/run";

/**
 * The header of a run of the reward-model study.
 * @param files sha256 of the pairs that people chose on each axis.
 * @param models sha256 of each file of the judges, by path.
 */
export function judgeHeader(
  files: Readonly<Partial<Record<Axis, string>>>,
  models: RunHeader["models"],
): RunHeader {
  return { kind: "study", version: 1, options: { study: "reward-model", ...files }, models };
}
