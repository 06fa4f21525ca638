import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { DialError } from "../domain/errors";

/**
 * Writes a file whole or not at all: the text goes to a file beside it, which takes its place at the end. One that was
 * there stays as it is until then, and for good where `write` throws.
 * @throws DialError "invalid-option" where the path cannot be written, and what `write` throws.
 */
export async function writeNewFile<Result>(
  path: string,
  write: (append: (text: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const { target, partial, file } = await begin(path);
  try {
    const result = await write((text) => writable(path, file.appendFile(text)));
    await writable(path, file.close());
    await writable(path, rename(partial, target));
    return result;
  } catch (error) {
    await discard(file, partial);
    throw error;
  }
}

/**
 * Tells before long work whether its result can be written.
 * @throws DialError "invalid-option" where `writeNewFile` would.
 */
export async function checkWritable(path: string): Promise<void> {
  const { partial, file } = await begin(path);
  await discard(file, partial);
}

async function begin(path: string) {
  const target = await resolve(path);
  const partial = `${target}.partial`;
  return { target, partial, file: await writable(path, open(partial, "w")) };
}

/** The file that a path leads to. Only a plain file can be replaced. */
async function resolve(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found === null) return path;
  if (!found.isFile()) throw new DialError("invalid-option", `${path}: cannot be written: not a file`);
  return realpath(path);
}

/** Names a path that cannot be written. @throws DialError "invalid-option". */
export async function writable<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw new DialError("invalid-option", `${path}: cannot be written: ${(error as Error).message}`);
  }
}

async function discard(file: FileHandle, partial: string): Promise<void> {
  await file.close().catch(() => {}); // Closed before, where it was the renaming that failed.
  await rm(partial, { force: true });
}
