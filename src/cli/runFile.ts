/** The run file of a match: rows are appended as they finish, so that a run cut short can go on. */

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { DialError, hasCode } from "../domain/errors";
import { inOneChunk } from "../domain/jsonLines";
import { compareRows, type Row } from "../domain/row";
import { checkGoesOn, type RunHeader, readRun, runLine } from "../domain/run";
import { appendLines, readWholeLines } from "./lineFile";
import { writeNewFile } from "./newFile";

export interface RunFile {
  /** Rows that the file held when it was opened. */
  readonly rows: readonly Row[];
  append(row: Row): Promise<void>;
  /**
   * Puts the rows in order, so that a run has one file whether it was done at once or not.
   * @param belongs says which rows are of the run; left out, all are.
   */
  finish(belongs?: (row: Row) => boolean): Promise<void>;
}

/**
 * Opens the file of a run, or begins it. A last line without its break, left by a run that was
 * killed, is cut off. A run that is to have more rows than before keeps those that it has.
 * @throws DialError "invalid-option" where the file is of another run or cannot be written,
 *   "invalid-json-line" where it is damaged.
 */
export async function openRunFile(path: string, header: RunHeader): Promise<RunFile> {
  try {
    const done = existsSync(path) ? await takeUp(path, header) : [];
    if (done.length === 0) await writeFile(path, runLine(header));
    const rows = [...done];
    return {
      rows: done,
      async append(row) {
        rows.push(row);
        await appendLines(path, runLine(row));
      },
      finish: (belongs = () => true) => writeRun(path, header, rows.filter(belongs).toSorted(compareRows)),
    };
  } catch (error) {
    if (error instanceof DialError) throw new DialError(error.code, `${path}: ${error.message}`);
    throw new DialError("invalid-option", `${path}: cannot be written: ${(error as Error).message}`);
  }
}

/** What a run says that was stopped while its rows stand in a file; another error as it is. */
export function rowsKept(error: unknown): unknown {
  return hasCode(error, "aborted")
    ? new DialError("aborted", "stopped; the run file keeps its rows", true)
    : error;
}

async function takeUp(path: string, header: RunHeader): Promise<readonly Row[]> {
  const whole = await readWholeLines(path, runLine(header));
  if (whole === null) return [];
  const run = await readRun(inOneChunk(whole.text));
  checkGoesOn(run.header, header);
  await whole.cut();
  if (run.header.options.n !== header.options.n) await writeRun(path, header, run.rows);
  return run.rows;
}

function writeRun(path: string, header: RunHeader, rows: readonly Row[]): Promise<void> {
  return writeNewFile(path, (append) => append([header, ...rows].map(runLine).join("")));
}
