import { linkedSource } from "../runs/linkedFiles";
import { linkedPolicy } from "../runs/whoBegan";
import { sampledText } from "../sampling";
import { linkTo, prefixedBy } from "../settings";
import type { OpenMatch } from "./matchRun";

/** The fragment that shows the open match; a browser that does not keep its rows gets the settings that make them. */
export function matchLink({ request, stored }: OpenMatch): string {
  const { n, targets, seed, bestOf, sampling } = request;
  const settings = {
    run: stored?.id ?? "",
    ...{ n: String(n), seed: String(seed), bestOf: String(bestOf) },
    ...(typeof targets === "string" && { targets }),
    ...sampledText(sampling),
  };
  return linkTo("match", {
    ...prefixedBy("match", settings),
    ...linkedSource(request, typeof targets === "string" ? [] : targets),
    ...(stored && linkedPolicy(stored)),
  });
}
