import { OWN } from "../match/promptSource";
import { linkedFiles } from "../runs/linkedFiles";
import { sampledText } from "../sampling";
import { linkTo, prefixedBy } from "../settings";
import { ONE_TYPED, type OpenStudy } from "./studyRun";

/** The fragment that shows the open run; a browser that does not keep its rows gets the settings that make them. */
export function studyRunLink({ request }: OpenStudy): string {
  const { study, n, seed, sampling, source, ownTargets, prompts } = request;
  const { guidance: _, ...drawing } = sampledText(sampling); // A condition chooses that itself.
  const typed = source === ONE_TYPED ? (prompts.prompts[0]?.[0]?.text ?? "") : "";
  const settings = { name: study, n: String(n), seed: String(seed), prompt: typed, ...drawing };
  return linkTo("studies", {
    ...prefixedBy("studies", settings),
    ...(source === OWN.name && { "prompts.typed": "" }),
    ...linkedFiles(source === ONE_TYPED ? OWN.name : source, ownTargets),
  });
}
