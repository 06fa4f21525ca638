import { formatTranscript } from "../../domain/dialogue";
import { OWN } from "../match/promptSource";
import { linkedSource } from "../runs/linkedFiles";
import { linkedPolicy } from "../runs/whoBegan";
import { sampledText } from "../sampling";
import { linkTo, prefixedBy } from "../settings";
import { ONE_TYPED, type OpenStudy } from "./studyRun";

/** The fragment that shows the open run; a browser that does not keep its rows gets the settings that make them. */
export function studyRunLink({ request, stored }: OpenStudy): string {
  const { study, n, seed, sampling, source, ownTargets, prompts } = request;
  const { guidance: _, ...drawing } = sampledText(sampling); // A condition chooses that itself.
  const one = source === ONE_TYPED;
  const settings = {
    run: stored?.id ?? "",
    ...{ name: study, n: String(n), seed: String(seed) },
    prompt: one ? formatTranscript(prompts.prompts[0] ?? []).trimStart() : "",
    ...drawing,
  };
  return linkTo("studies", {
    ...prefixedBy("studies", settings),
    ...linkedSource(one ? { source: OWN.name } : request, ownTargets),
    ...(stored && linkedPolicy(stored)),
  });
}
