/** The prompts that runs take theirs from: our own, a file of the user's, or what was typed. */

import { computed, signal } from "@preact/signals";
import { OWN_PROMPTS } from "../../data/ownPrompts";
import { readPrompts } from "../../domain/dataLines";
import type { Dialogue } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { inOneChunk, lineError } from "../../domain/jsonLines";
import { ofFile } from "../../domain/ofFile";
import { promptsOf, type RunPrompts } from "../../experiments/runPrompts";
import type { Survey } from "../../experiments/survey";
import type { PromptOrigin } from "../../storage/runs";
import { toast } from "../components/Toast";
import { RULES } from "../fields";
import { prompts as settings } from "../settings";

export interface PromptSource {
  /** As it is shown. */
  readonly name: string;
  readonly count: number;
  /** What it was read from, where that was typed on the page. */
  readonly typed?: string;
  /** Those of a run with this seed. @throws DialError where there is none, or a line that is no prompt. */
  pick(seed: number): Promise<RunPrompts>;
}

/** Rows that a run may have: so many prompts it takes along, to be able to grow. */
const MOST = RULES.n.max;

export const OWN = listSource(
  "our own set",
  OWN_PROMPTS.map(({ dialogue }) => dialogue),
);

interface PromptFile {
  readonly file: File;
  readonly survey: Survey;
}

/** The file that was loaded; null while none was, or it was put away. */
export const file = signal<PromptFile | null>(null);
/** Why the last file chosen could not be used; the prompts from before stay. */
export const sourceError = signal<unknown>(null);
export const reading = signal<string | null>(null);
/** Whether lines of the file that are no prompts are left out; asked anew for each file. */
export const skipMalformed = signal(false);

export const source = computed<PromptSource>(() => {
  const typed = settings.typed.value;
  if (typed.trim() !== "") return typedSource(typed);
  return file.value ? fileSource(file.value, skipMalformed.value) : OWN;
});

/** What a run keeps of its source beside the prompts. */
export function fromSource({ name, typed }: PromptSource): PromptOrigin {
  return { source: name, ...(typed !== undefined && { typed }) };
}

/** Dialogues as a source. */
export function listSource(name: string, dialogues: readonly Dialogue[]): PromptSource {
  return { name, count: dialogues.length, pick: (seed) => promptsOf(dialogues, seed, MOST) };
}

function typedSource(text: string): PromptSource {
  return {
    name: "what is typed here",
    typed: text,
    count: text.split("\n").filter((line) => line.trim() !== "").length,
    async pick(seed) {
      const dialogues: Dialogue[] = [];
      for await (const prompt of readPrompts(inOneChunk(text))) dialogues.push(prompt);
      return promptsOf(dialogues, seed, MOST);
    },
  };
}

function fileSource({ file: content, survey }: PromptFile, skip: boolean): PromptSource {
  const { name } = content;
  return {
    name,
    count: survey.count,
    async pick(seed) {
      const [first] = survey.firstBad;
      if (first && !skip) throw ofFile(name, lineError(first.line, first.problem));
      const { pickPrompts } = await reader();
      return whileReading(name, () => pickPrompts(content, survey, seed, MOST));
    },
  };
}

const reader = () => import("../../runtimes/local/workerReader");

/** The file that was chosen last, if nothing was since: one chosen before and still being read is no longer wanted. */
let lastChosen: File | null = null;

/** Takes the prompts of a file: JSON Lines, CSV or plain text, gzipped or not, of any size. Prompts typed since stay. */
export async function readSource(chosen: File): Promise<void> {
  lastChosen = chosen;
  const typed = settings.typed.peek();
  sourceError.value = null;
  try {
    const { surveyPrompts } = await reader();
    const survey = await whileReading(chosen.name, async () => {
      const found = await surveyPrompts(chosen);
      if (found.count + found.bad > 0) return found;
      throw new DialError("empty-prompt", "the file has no lines; expected one prompt a line");
    });
    if (chosen !== lastChosen) return;
    file.value = { file: chosen, survey };
    skipMalformed.value = false;
    if (settings.typed.peek() === typed) removeTyped();
  } catch (error) {
    if (chosen === lastChosen) sourceError.value = error;
  }
}

/** Puts away what was loaded or typed. */
export function takeOwn(): void {
  lastChosen = null;
  reading.value = null;
  file.value = null;
  sourceError.value = null;
  removeTyped();
}

function removeTyped(): void {
  const typed = settings.typed.peek();
  settings.typed.value = "";
  if (typed.trim() === "") return;
  toast("Removed the prompts that were typed.", () => {
    settings.typed.value = typed;
  });
}

async function whileReading<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  reading.value = name;
  try {
    return await work();
  } catch (error) {
    throw ofFile(name, error);
  } finally {
    if (reading.peek() === name) reading.value = null;
  }
}
