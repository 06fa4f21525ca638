import { endpointOf } from "../endpoint/whoAnswers";
import { settingOf } from "../engine/chosenAdapter";
import { sampledText } from "../sampling";
import { linkTo } from "../settings";
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
  const changes = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`match.${key}`, value]));
  return linkTo("match", {
    ...changes,
    ...(source === OWN.name && { "prompts.typed": "" }),
    ...(stored && endpointOf(stored.header) === undefined && { "policy.adapter": settingOf(stored.policy) }),
  });
}
