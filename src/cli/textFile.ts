import { openAsBlob } from "node:fs";
import { access, stat } from "node:fs/promises";
import { DialError } from "../domain/errors";
import { textChunks } from "../storage/textChunks";

/**
 * Reads a data file, gzipped or not; what goes wrong is named after the file.
 * @throws DialError "invalid-option" where there is no such file, and what `read` throws.
 */
export async function* readFile<Item>(
  path: string,
  read: (chunks: AsyncIterable<string>) => AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  try {
    yield* read(textChunks(await openFile(path)));
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
  return error instanceof DialError ? new DialError(error.code, `${path}: ${error.message}`) : error;
}
