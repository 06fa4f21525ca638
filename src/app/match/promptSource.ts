/** The prompts that a match walks through: our own, or a file of the user's. */

import { signal } from "@preact/signals";
import { OWN_PROMPTS } from "../../data/ownPrompts";
import { readPrompts } from "../../domain/dataLines";
import type { Dialogue } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { textChunks } from "../../storage/textChunks";

export interface PromptSource {
  /** As it is shown. */
  readonly name: string;
  readonly prompts: readonly Dialogue[];
}

export const OWN: PromptSource = {
  name: "our own set",
  prompts: OWN_PROMPTS.map(({ dialogue }) => dialogue),
};

export const source = signal<PromptSource>(OWN);
/** Why the last file chosen could not be used; the prompts from before stay. */
export const sourceError = signal<unknown>(null);
export const reading = signal<string | null>(null);

/** Takes the prompts of a JSON Lines file, gzipped or not. */
export async function readSource(file: File): Promise<void> {
  reading.value = file.name;
  sourceError.value = null;
  try {
    const prompts: Dialogue[] = [];
    for await (const prompt of readPrompts(textChunks(file))) prompts.push(prompt);
    if (prompts.length === 0)
      throw new DialError("empty-prompt", "the file has no lines; expected one prompt a line");
    source.value = { name: file.name, prompts };
  } catch (error) {
    sourceError.value = named(file.name, error);
  } finally {
    reading.value = null;
  }
}

function named(name: string, error: unknown): unknown {
  return error instanceof DialError ? new DialError(error.code, `${name}, ${error.message}`) : error;
}
