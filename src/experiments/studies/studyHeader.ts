import type { RunHeader } from "../../domain/run";
import type { StudyOptions } from "./runStudy";

/**
 * The header of a study's run file.
 * @param prompts sha256 of the source that they are from, see runPrompts.
 * @param models sha256 of each model file used, by path.
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
): RunHeader {
  const options = { study: study.name, n, seed, sampling, ownTargets, prompts };
  return { kind: "study", version: 1, options, models };
}
