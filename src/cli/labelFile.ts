/** Labels in a file: a line each as they are made, so that labelling cut short can go on. */

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import * as v from "valibot";
import { type Labels, LabelTable } from "../domain/dataset/labelTable";
import { DialError } from "../domain/errors";
import { inOneChunk, readJsonLines } from "../domain/jsonLines";
import { readAs } from "../domain/readAs";
import { appendLines, readWholeLines } from "./lineFile";

export interface LabelFile {
  /** The labels that the file held when it was opened. */
  readonly labels: LabelTable;
  append(labels: Labels): Promise<void>;
}

const headSchema = v.object({ kind: v.literal("labels"), judge: v.record(v.string(), v.string()) });
const labelSchema = v.object({ key: v.number(), helpful: v.number(), harmless: v.number() });

/**
 * Opens a file of labels, or begins it. A last line without its break, left by a run that was killed, is cut off.
 * @param judge sha256 of the files that the labels depend on.
 * @throws DialError "invalid-option" where the labels are another judge's or the file cannot be written,
 *   "invalid-json-line" where it is damaged.
 */
export async function openLabelFile(
  path: string,
  judge: Readonly<Record<string, string>>,
): Promise<LabelFile> {
  try {
    const labels = existsSync(path) ? await takeUp(path, judge) : null;
    if (labels === null) await writeFile(path, jsonLine({ kind: "labels", judge }));
    return {
      labels: labels ?? new LabelTable(),
      append: ({ keys, scores }) =>
        appendLines(path, keys.map((key, index) => jsonLine({ key, ...scores[index] })).join("")),
    };
  } catch (error) {
    if (error instanceof DialError) throw new DialError(error.code, `${path}: ${error.message}`);
    throw new DialError("invalid-option", `${path}: cannot be written: ${(error as Error).message}`);
  }
}

/** null where the file is to be begun, see `readWholeLines`. */
async function takeUp(path: string, judge: Readonly<Record<string, string>>): Promise<LabelTable | null> {
  const whole = await readWholeLines(path, jsonLine({ kind: "labels", judge }));
  if (whole === null) return null;
  if (whole.text === "") throw new DialError("invalid-option", "no labels in it; name a new file");
  const labels = new LabelTable();
  let headed = false;
  for await (const { line, value } of readJsonLines(inOneChunk(whole.text))) {
    if (headed) {
      const { key, ...score } = readAs(labelSchema, value, line, "label");
      labels.add({ keys: [key], scores: [score] });
      continue;
    }
    headed = true;
    if (!namesAll(readAs(headSchema, value, line, "head of labels").judge, judge)) {
      throw new DialError("invalid-option", "its labels are another judge's; name another file");
    }
  }
  await whole.cut();
  return labels;
}

/** Heads used to name the judge's reference, too, on which raw scores do not depend. */
function namesAll(found: Readonly<Record<string, string>>, judge: Readonly<Record<string, string>>): boolean {
  return Object.entries(judge).every(([path, sha256]) => found[path] === sha256);
}

function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
