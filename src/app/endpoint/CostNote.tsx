import { mean } from "simple-statistics";
import { OWN_PROMPTS } from "../../data/ownPrompts";
import type { Dialogue } from "../../domain/dialogue";
import { formatPrompt, type PromptFormat, promptText } from "../../domain/rewardPrompt";
import { costOf, estimatedTokens, NO_USAGE } from "../../domain/spend";
import { count, dollars, plural } from "../format";
import { inUse, prices, usage } from "./connection";

interface CostNoteProps {
  readonly answers: number;
  /** Tokens that an answer may have. */
  readonly maxTokens: number;
  /** What is asked, where it is known before. */
  readonly dialogue?: Dialogue;
}

/** Beside the button that starts a run at an endpoint: about what it will cost. Nothing while this tab answers. */
export function CostNote({ answers, maxTokens, dialogue }: CostNoteProps) {
  const endpoint = inUse.value;
  const known = prices.value;
  if (endpoint === null || known === null) return null;
  const prompt = Math.round(
    dialogue ? promptTokens(dialogue, endpoint.format) : usualTokens(endpoint.format),
  );
  const asked = { ...NO_USAGE, promptTokens: answers * prompt, completionTokens: answers * maxTokens };
  const cost = costOf(asked, known);
  return (
    <p class="small soft">
      {cost > 0 ? (
        <>
          Costs about <strong>{dollars(cost)}</strong> if no answer ends early:
        </>
      ) : (
        "Free at the prices that are set:"
      )}{" "}
      {plural(answers, "answer")} by {endpoint.model}, each of about {count(prompt)} tokens of prompt and{" "}
      {count(maxTokens)} of text at most. Those kept from before cost nothing.
    </p>
  );
}

/** Of the prompts that were paid for so far; before that, of our own. */
function usualTokens(format: PromptFormat): number {
  const { answers, cut, promptTokens: paid } = usage.value;
  if (paid > 0) return paid / (answers + cut);
  return mean(OWN_PROMPTS.map(({ dialogue }) => promptTokens(dialogue, format)));
}

const ANY = { helpful: 0.5, harmless: 0.5 };

function promptTokens(dialogue: Dialogue, format: PromptFormat): number {
  return estimatedTokens(promptText(formatPrompt(dialogue, ANY, format, "transcript")));
}
