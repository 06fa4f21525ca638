import type { RunHeader } from "../../domain/run";
import { promptsHash } from "../matchHeader";
import type { StudyOptions } from "./runStudy";

/**
 * The header of a study's run file; the prompts are in it by the sha256 of their transcripts.
 * @param models sha256 of each model file used, by path.
 */
export async function studyHeader(
  {
    study,
    n,
    seed,
    sampling,
    prompts,
    ownTargets = [],
  }: Pick<StudyOptions, "study" | "n" | "seed" | "sampling" | "prompts" | "ownTargets">,
  models: RunHeader["models"],
): Promise<RunHeader> {
  const options = { study: study.name, n, seed, sampling, ownTargets, prompts: await promptsHash(prompts) };
  return { kind: "study", version: 1, options, models };
}
