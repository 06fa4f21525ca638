import { openAsBlob } from "node:fs";
import { access, stat } from "node:fs/promises";
import { DialError, hasCode } from "../domain/errors";
import { type BadLine, lineError } from "../domain/jsonLines";
import { stopped } from "../runtimes/unlessAborted";
import { textChunks } from "../storage/textChunks";

/**
 * Reads a data file, gzipped or not; what goes wrong is named after the file.
 * @throws DialError "invalid-option" where there is no such file, "aborted" on stop, and what `read` throws.
 */
export async function* readFile<Item>(
  path: string,
  read: (chunks: AsyncIterable<string>) => AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void> {
  try {
    yield* read(untilStopped(textChunks(await openFile(path)), signal));
  } catch (error) {
    throw named(path, error);
  }
}

/** Does what may find fault with a file; the fault is named after it. */
export function inFile<Found>(path: string, check: () => Found): Found {
  try {
    return check();
  } catch (error) {
    throw named(path, error);
  }
}

/**
 * Passes a file whose first line that could not be read is `bad`, where there is none or such lines are left out.
 * @throws DialError "invalid-json-line" naming the file and the line.
 */
export function checkNoneBad(path: string, bad: BadLine | undefined, skipMalformed: boolean): void {
  if (bad === undefined || skipMalformed) return;
  throw named(path, lineError(bad.line, `${bad.problem}; --skip-malformed leaves out such lines`));
}

async function* untilStopped(
  chunks: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  for await (const chunk of chunks) {
    if (signal.aborted) throw stopped();
    yield chunk;
  }
}

async function openFile(path: string): Promise<Blob> {
  try {
    await access(path);
  } catch {
    throw new DialError("invalid-option", "no such file, or it may not be read");
  }
  if (!(await stat(path)).isFile()) throw new DialError("invalid-option", "not a file");
  return openAsBlob(path);
}

function named(path: string, error: unknown): unknown {
  if (!(error instanceof DialError) || hasCode(error, "aborted")) return error;
  return new DialError(error.code, `${path}: ${error.message}`);
}
