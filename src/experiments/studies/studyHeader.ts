import type { RunHeader } from "../../domain/run";
import type { StudyOptions } from "./runStudy";

/**
 * The header of a study's run file.
 * @param prompts sha256 of the source that they are from, see runPrompts.
 * @param models sha256 of each model file used, by path.
 * @param judge see matchHeader.
 */
export function studyHeader(
  {
    study,
    n,
    seed,
    sampling,
    ownTargets = [],
  }: Pick<StudyOptions, "study" | "n" | "seed" | "sampling" | "ownTargets">,
  prompts: string,
  models: RunHeader["models"],
  judge: string | null = null,
): RunHeader {
  const options = { study: study.name, n, seed, sampling, ownTargets, prompts, ...(judge && { judge }) };
  return { kind: "study", version: 1, options, models };
}
