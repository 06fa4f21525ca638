import { runnable } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import { missingBytes } from "../engine/missingBytes";
import { attempt, RULES, readNumber } from "../fields";
import { plural } from "../format";
import { runCost } from "../runs/estimate";
import { ownTargets } from "../runs/ownTargets";
import { RunEstimate } from "../runs/RunEstimate";
import { studies as settings } from "../settings";
import { studyFiles } from "./studyFiles";
import { answering } from "./studyRun";

/** What a run of the study will take, before it starts. */
export function StudyEstimate({ study }: { readonly study: Study }) {
  const offered = answering.value;
  const n = attempt(() => readNumber(settings.n.value, RULES.studyRows));
  const maxTokens = attempt(() => readNumber(settings.maxTokens.value, RULES.maxTokens));
  if (!offered || n === null || maxTokens === null) return null;
  const conditions = runnable(study, offered, ownTargets.value?.targets);
  if (conditions.length === 0)
    return <p class="small soft">There is nothing to run: none of its policies ships.</p>;
  const atEndpoint = conditions.filter(({ policy }) => policy === offered.main);
  return (
    <RunEstimate
      cost={runCost(conditions, n)}
      paid={runCost(atEndpoint, n).completions}
      maxTokens={maxTokens}
      lead={`${plural(conditions.length, "condition")}, `}
      more={missingBytes(studyFiles.value)}
    />
  );
}
