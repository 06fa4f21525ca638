import { tryPrompts } from "../domain/dataLines";
import type { Dialogue } from "../domain/dialogue";
import { DialError } from "../domain/errors";
import { pickPrompts, type RunPrompts, surveyPrompts } from "../experiments/runPrompts";
import { checkNoneBad, inFile, readFile } from "./textFile";

interface ReadOptions {
  /** Whether lines that are no prompts are left out; else the first one is an error. */
  readonly skipMalformed: boolean;
  readonly signal: AbortSignal;
}

interface RunOptions extends ReadOptions {
  readonly seed: number;
  /** Rows of the run. */
  readonly n: number;
}

/**
 * All prompts of a file, in its order.
 * @param onMalformed called for each line that is left out.
 * @throws DialError naming the file and, where there is one, the line.
 */
export async function* readPromptFile(
  path: string,
  { skipMalformed, signal }: ReadOptions,
  onMalformed: () => void,
): AsyncGenerator<Dialogue, void> {
  for await (const line of readFile(path, tryPrompts, signal)) {
    if ("prompt" in line) yield line.prompt;
    else {
      checkNoneBad(path, line, skipMalformed);
      onMalformed();
    }
  }
}

/** The prompts that a run takes of a file. @throws DialError naming the file and, where there is one, the line. */
export async function readRunPrompts(
  path: string,
  { seed, n, skipMalformed, signal }: RunOptions,
): Promise<RunPrompts> {
  const read = () => readFile(path, tryPrompts, signal);
  const survey = await surveyPrompts(read());
  checkNoneBad(path, survey.firstBad[0], skipMalformed);
  inFile(path, () => {
    if (survey.count === 0) throw new DialError("empty-prompt", "no prompts; expected one a line");
  });
  return pickPrompts(read(), survey, seed, n);
}
