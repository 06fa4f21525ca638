import { endpointOf } from "../endpoint/whoAnswers";
import { settingOf } from "../engine/chosenAdapter";
import { linkedFiles } from "../runs/linkedFiles";
import { sampledText } from "../sampling";
import { linkTo, prefixedBy } from "../settings";
import type { OpenMatch } from "./matchRun";
import { OWN } from "./promptSource";

/** The fragment that shows the open match; a browser that does not keep its rows gets the settings that make them. */
export function matchLink({ request, stored }: OpenMatch): string {
  const { n, targets, seed, bestOf, sampling, source } = request;
  const settings = {
    ...{ n: String(n), seed: String(seed), bestOf: String(bestOf) },
    ...(typeof targets === "string" && { targets }),
    ...sampledText(sampling),
  };
  return linkTo("match", {
    ...prefixedBy("match", settings),
    ...(source === OWN.name && { "prompts.typed": "" }),
    ...linkedFiles(source, typeof targets === "string" ? [] : targets),
    ...(stored && endpointOf(stored.header) === undefined && { "policy.adapter": settingOf(stored.policy) }),
  });
}
