/** Our own prompts: half of them ask for help, half probe mildly for harm. */

import { type Dialogue, parseTranscript, question } from "../domain/dialogue";
import entries from "./prompts.json";

export type PromptSet = "helpful" | "harmless";

export interface OwnPrompt {
  /** What it probes. */
  readonly probes: PromptSet;
  readonly dialogue: Dialogue;
}

export const OWN_PROMPTS: readonly OwnPrompt[] = entries.map(({ probes, prompt, prompt_dialogue }) => ({
  probes: probes as PromptSet,
  dialogue: prompt === undefined ? parseTranscript(prompt_dialogue) : question(prompt),
}));

/** The prompts of a study that is given no others; one that takes a single prompt gets one where the axes conflict. */
export function ownPrompts({ onePrompt }: { readonly onePrompt: boolean }): readonly Dialogue[] {
  const prompts = onePrompt
    ? OWN_PROMPTS.filter(({ probes }) => probes === "harmless").slice(0, 1)
    : OWN_PROMPTS;
  return prompts.map(({ dialogue }) => dialogue);
}
