/** The prompts of a run, out of a source of any size: it is read twice and never held. */

import type { PromptLine } from "../domain/dataLines";
import { type Dialogue, formatTranscript } from "../domain/dialogue";
import { DialError } from "../domain/errors";
import type { BadLine } from "../domain/jsonLines";
import { permutation, randomSource, STREAM } from "../domain/random";
import { type Survey, survey } from "./survey";

type Prompts = AsyncIterable<PromptLine | BadLine>;

/** What a run takes of a source. */
export interface RunPrompts {
  /** Of the whole source, as the run's header has it. */
  readonly sha256: string;
  /** In the order in which rows take them: those of the first rows, or all. */
  readonly prompts: readonly Dialogue[];
}

export function surveyPrompts(source: Prompts): Promise<Survey> {
  return survey(source, ({ prompt }) => formatTranscript(prompt));
}

/**
 * The prompts of a run's first rows, by a seeded permutation of the source.
 * @param most prompts to give, >= 1: as many as the run may ever have rows.
 * @throws DialError "empty-prompt" where the source has none.
 */
export async function pickPrompts(
  source: Prompts,
  { count, sha256 }: Pick<Survey, "count" | "sha256">,
  seed: number,
  most: number,
): Promise<RunPrompts> {
  if (count === 0) throw new DialError("empty-prompt", "no prompts; expected one a line");
  const order = permutation(count, randomSource(seed, STREAM.promptOrder)).slice(0, most);
  const places = new Map(order.map((index, place) => [index, place]));
  const prompts: Dialogue[] = [];
  let index = 0;
  for await (const line of source) {
    if ("problem" in line) continue;
    const place = places.get(index++);
    if (place !== undefined) prompts[place] = line.prompt;
  }
  return { sha256, prompts };
}

/** Dialogues as a source. */
export async function* promptLines(dialogues: readonly Dialogue[]): AsyncGenerator<PromptLine, void> {
  for (const [index, prompt] of dialogues.entries()) yield { line: index + 1, prompt };
}

/** The prompts of a run out of a list. */
export async function promptsOf(
  dialogues: readonly Dialogue[],
  seed: number,
  most: number,
): Promise<RunPrompts> {
  return pickPrompts(promptLines(dialogues), await surveyPrompts(promptLines(dialogues)), seed, most);
}
