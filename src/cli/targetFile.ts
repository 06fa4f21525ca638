import { readFile } from "node:fs/promises";
import { DialError } from "../domain/errors";
import type { Target } from "../domain/reward";
import { readTargets } from "../domain/targetLines";

/** Targets of a CSV. @throws DialError naming the file and, where there is one, the line. */
export async function readTargetFile(path: string): Promise<readonly Target[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new DialError("invalid-option", `${path}: no such file, or it may not be read`);
  }
  try {
    return readTargets(text);
  } catch (error) {
    if (error instanceof DialError) throw new DialError(error.code, `${path}: ${error.message}`);
    throw error;
  }
}
