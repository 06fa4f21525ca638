import { attempt, RULES, readNumber } from "../fields";
import { runCost } from "../runs/estimate";
import { RunEstimate } from "../runs/RunEstimate";
import { match as settings } from "../settings";

/** What the match will take, before it starts; nothing while a setting cannot be used. */
export function MatchEstimate() {
  const read = attempt(() => ({
    n: readNumber(settings.n.value, RULES.n),
    bestOf: readNumber(settings.bestOf.value, RULES.bestOf),
    guidance: readNumber(settings.guidance.value, RULES.guidance),
    maxTokens: readNumber(settings.maxTokens.value, RULES.maxTokens),
  }));
  if (read === null) return null;
  const { n, bestOf, guidance, maxTokens } = read;
  const cost = runCost([{ name: "", bestOf, guidance }], n);
  return <RunEstimate cost={cost} paid={cost.completions} maxTokens={maxTokens} />;
}
