import type { Target } from "../domain/reward";
import { readTargets, takeTargets } from "../domain/targetLines";
import { inFile, readFile } from "./textFile";

/**
 * Targets of a CSV, gzipped or not.
 * @param skipMalformed whether lines that are no targets are left out; else the first one is an error.
 * @throws DialError naming the file and, where there is one, the line.
 */
export async function readTargetFile(path: string, skipMalformed = false): Promise<readonly Target[]> {
  const list = await readTargets(readFile(path, (chunks) => chunks));
  return inFile(path, () =>
    takeTargets(list, skipMalformed, "; --skip-malformed leaves out the lines that are no targets"),
  );
}
