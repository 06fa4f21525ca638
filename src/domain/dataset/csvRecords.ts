/** CSV (RFC 4180), read from text that comes in chunks; memory is bounded by the longest row. */

import { csvParseRows } from "d3";
import { type BadLine, checkLength, type JsonLine, readLines } from "../jsonLines";

/**
 * Yields one object a row, its cells under the names of the first row; blank rows are skipped. `line` is the line that
 * the row begins on: a quoted cell may have line breaks.
 */
export async function* readCsvRecords(
  chunks: AsyncIterable<string>,
): AsyncGenerator<JsonLine | BadLine, void> {
  let names: readonly string[] | undefined;
  for await (const { line, cells } of readRows(chunks)) {
    if (cells === null) yield { line, problem: "a quote is opened and never closed" };
    else if (names === undefined) names = cells.map((name) => name.trim());
    else if (cells.length === names.length) yield { line, value: recordOf(names, cells) };
    else yield { line, problem: wrongLength(cells.length, names.length) };
  }
}

interface CsvRow {
  readonly line: number;
  /** null where the file ends inside a quoted cell. */
  readonly cells: readonly string[] | null;
}

/** A row goes on to the next line while a quoted cell is open, which is while its quotes are odd in number. */
async function* readRows(chunks: AsyncIterable<string>): AsyncGenerator<CsvRow, void> {
  let begun = 1;
  let line = 0;
  let open = false;
  let parts: string[] = [];
  let length = 0;
  for await (const text of readLines(chunks)) {
    line++;
    if (parts.length === 0) begun = line;
    parts.push(text);
    length += text.length;
    checkLength(begun, length);
    if (countQuotes(text) % 2 === 1) open = !open;
    if (open) continue;
    yield* parsed(begun, parts);
    parts = [];
    length = 0;
  }
  if (open) yield { line: begun, cells: null };
}

function* parsed(line: number, parts: readonly string[]): Generator<CsvRow, void> {
  const text = parts.join("\n").replace(/\r$/, "");
  const cells = text.trim() === "" ? undefined : csvParseRows(text)[0];
  if (cells) yield { line, cells };
}

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}

function recordOf(names: readonly string[], cells: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, cells[index] as string]));
}

function wrongLength(found: number, expected: number): string {
  return `${found} ${found === 1 ? "cell" : "cells"}; expected ${expected}, as the first row has`;
}
