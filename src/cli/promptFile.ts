import { readPrompts, tryPrompts } from "../domain/dataLines";
import type { Dialogue } from "../domain/dialogue";
import { DialError } from "../domain/errors";
import { lineError } from "../domain/jsonLines";
import { pickPrompts, type RunPrompts, surveyPrompts } from "../experiments/runPrompts";
import { inFile, readFile } from "./textFile";

interface PromptOptions {
  readonly seed: number;
  /** Rows of the run. */
  readonly n: number;
  /** Whether lines that are no prompts are left out; else the first one is an error. */
  readonly skipMalformed: boolean;
}

/**
 * All prompts of a file, in its order.
 * @param skipMalformed whether lines that are no prompts are left out; else the first one is an error.
 * @throws DialError naming the file and, where there is one, the line.
 */
export async function* readPromptFile(path: string, skipMalformed: boolean): AsyncGenerator<Dialogue, void> {
  if (!skipMalformed) yield* readFile(path, readPrompts);
  else for await (const line of readFile(path, tryPrompts)) if ("prompt" in line) yield line.prompt;
}

/** The prompts that a run takes of a file. @throws DialError naming the file and, where there is one, the line. */
export async function readRunPrompts(
  path: string,
  { seed, n, skipMalformed }: PromptOptions,
): Promise<RunPrompts> {
  const read = () => readFile(path, tryPrompts);
  const survey = await surveyPrompts(read());
  inFile(path, () => {
    const [first] = survey.firstBad;
    if (first && !skipMalformed) {
      throw lineError(
        first.line,
        `${first.problem}; --skip-malformed leaves out the lines that are no prompts`,
      );
    }
    if (survey.count === 0) throw new DialError("empty-prompt", "no prompts; expected one a line");
  });
  return pickPrompts(read(), survey, seed, n);
}
