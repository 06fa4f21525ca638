/** Files that grow by whole lines; a run that was killed may have left a part of one at the end. */

import { appendFile, readFile, truncate } from "node:fs/promises";
import { writable } from "./newFile";

export interface WholeLines {
  /** All up to the last line break, without a byte order mark. */
  readonly text: string;
  /** Takes what stands after them off the file. */
  cut(): Promise<void>;
}

/**
 * @param head the line that a new file begins with.
 * @returns null where the file is empty or holds a part of that line alone: nothing is lost if it is begun anew.
 */
export async function readWholeLines(path: string, head: string): Promise<WholeLines | null> {
  const bytes = await readFile(path);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end === 0 && Buffer.from(head).subarray(0, bytes.length).equals(bytes)) return null;
  return {
    text: new TextDecoder().decode(bytes.subarray(0, end)),
    async cut() {
      if (end < bytes.length) await truncate(path, end);
    },
  };
}

/** @throws DialError "invalid-option" where the file cannot be written: the disk may be full by now. */
export function appendLines(path: string, lines: string): Promise<void> {
  return writable(path, appendFile(path, lines));
}
