/** Labels in a file: a line each as they are made, so that labelling cut short can go on. */

import { existsSync } from "node:fs";
import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import * as v from "valibot";
import { type Labels, LabelTable } from "../domain/dataset/labelTable";
import { DialError } from "../domain/errors";
import { lineError, readJsonLines } from "../domain/jsonLines";

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
        appendFile(path, keys.map((key, index) => jsonLine({ key, ...scores[index] })).join("")),
    };
  } catch (error) {
    if (error instanceof DialError) throw new DialError(error.code, `${path}: ${error.message}`);
    throw new DialError("invalid-option", `${path}: cannot be written: ${(error as Error).message}`);
  }
}

/** null where the file is empty, or ends in a head that a killed run was writing. */
async function takeUp(path: string, judge: Readonly<Record<string, string>>): Promise<LabelTable | null> {
  const bytes = await readFile(path);
  const whole = bytes.lastIndexOf("\n") + 1;
  if (whole === 0 && jsonLine({ kind: "labels", judge }).startsWith(bytes.toString("utf8"))) return null;
  if (whole === 0) throw new DialError("invalid-option", "no labels in it; name a new file");
  const labels = new LabelTable();
  let headed = false;
  for await (const { line, value } of readJsonLines(inOneChunk(bytes.subarray(0, whole).toString("utf8")))) {
    if (headed) {
      const { key, ...score } = read(labelSchema, value, line, "label");
      labels.add({ keys: [key], scores: [score] });
      continue;
    }
    headed = true;
    if (!sameFiles(read(headSchema, value, line, "head of labels").judge, judge)) {
      throw new DialError("invalid-option", "its labels are another judge's; name another file");
    }
  }
  if (whole < bytes.length) await truncate(path, whole);
  return labels;
}

function read<Value>(
  schema: v.GenericSchema<unknown, Value>,
  value: unknown,
  line: number,
  name: string,
): Value {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  throw lineError(line, `not a ${name}: ${result.issues[0].message}`);
}

function sameFiles(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const paths = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...paths].every((path) => a[path] === b[path]);
}

function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

async function* inOneChunk(text: string): AsyncGenerator<string, void> {
  yield text;
}
