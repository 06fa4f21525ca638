/** The recorded runs that the page opens at once; they are made by the command line and never by hand. */

import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { DialError } from "../domain/errors";
import type { RunHeader } from "../domain/run";
import { openRunFile, type RunFile } from "./runFile";

/** Their folder. */
export const RECORDINGS = fileURLToPath(new URL("../data/studies", import.meta.url));

/**
 * The recording of a study, taken up where an earlier try of the same run stopped. It takes the place of the one
 * before when it is finished.
 */
export async function openRecording(study: string, header: RunHeader, folder = RECORDINGS): Promise<RunFile> {
  await mkdir(folder, { recursive: true });
  const final = `${folder}/${study}.jsonl`;
  if (existsSync(final)) {
    const same = await sameRun(final, header);
    if (same) return same;
  }
  const partial = `${final}.partial`;
  const begun = existsSync(partial) ? await sameRun(partial, header) : null;
  if (begun === null) await rm(partial, { force: true });
  const file = begun ?? (await openRunFile(partial, header));
  return {
    ...file,
    async finish() {
      await file.finish();
      await rename(partial, final);
    },
  };
}

/** null where the file is of another run or damaged: a recording can be made again. */
async function sameRun(path: string, header: RunHeader): Promise<RunFile | null> {
  try {
    return await openRunFile(path, header);
  } catch (error) {
    if (error instanceof DialError) return null;
    throw error;
  }
}
