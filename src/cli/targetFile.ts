import type { Target } from "../domain/reward";
import { readTargets, takeTargets } from "../domain/targetLines";
import { checkNoneBad, inFile, readFile } from "./textFile";

/**
 * Targets of a CSV, gzipped or not.
 * @param skipMalformed whether lines that are no targets are left out; else the first one is an error.
 * @throws DialError naming the file and, where there is one, the line.
 */
export async function readTargetFile(
  path: string,
  skipMalformed: boolean,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  const list = await readTargets(readFile(path, (chunks) => chunks, signal));
  checkNoneBad(path, list.firstBad[0], skipMalformed);
  return inFile(path, () => takeTargets(list, true));
}
