/** CSV (RFC 4180), read from text that comes in chunks; memory is bounded by the longest row. */

import { type BadLine, type JsonLine, LONGEST_LINE, lineError, readLines } from "../jsonLines";

/**
 * Yields one object a row, its cells under the names of the first row, in lower case. Rows of empty cells, which
 * spreadsheets append, are skipped. `line` is the line that the row begins on: a quoted cell may have line breaks, which
 * are read as \n.
 * @throws DialError "invalid-json-line" where the first row cannot be read: nothing after it has a name then; where a row
 *   does not end.
 */
export async function* readCsvRecords(
  chunks: AsyncIterable<string>,
): AsyncGenerator<JsonLine | BadLine, void> {
  let names: readonly string[] | undefined;
  for await (const row of readRows(chunks)) {
    if ("problem" in row) {
      if (names === undefined) throw lineError(row.line, row.problem);
      yield row;
      continue;
    }
    const { line, cells } = row;
    if (names === undefined) names = cells.map((name) => name.trim().toLowerCase());
    else if (cells.length === names.length) yield { line, value: recordOf(names, cells) };
    else yield { line, problem: wrongLength(cells.length, names.length) };
  }
}

interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const NEVER_CLOSED = "a quote is opened and never closed";

/** A row goes on to the next line while a quoted cell is open. */
async function* readRows(chunks: AsyncIterable<string>): AsyncGenerator<CsvRow | BadLine, void> {
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
    open = staysOpen(text, open);
    if (open && length > LONGEST_LINE) throw lineError(begun, NEVER_CLOSED);
    if (open) continue;
    yield* parsed(begun, parts);
    parts = [];
    length = 0;
  }
  if (open) yield { line: begun, problem: NEVER_CLOSED };
}

function* parsed(line: number, parts: readonly string[]): Generator<CsvRow | BadLine, void> {
  const text = parts.join("\n").replace(/\r(?=\n|$)/g, "");
  if (/^[\s,]*$/.test(text)) return;
  const read = readCells(text);
  if (typeof read !== "string") yield { line, cells: read };
  else yield { line, problem: read + taken(line, parts.length) };
}

/** A quote too many may have taken lines into the row. */
function taken(line: number, lines: number): string {
  return lines > 1 ? `; the row ends on line ${line + lines - 1}` : "";
}

/** Whether a quoted cell goes on after a line. A quote inside a cell that does not begin with one is text. */
function staysOpen(text: string, open: boolean): boolean {
  let quoted = open;
  let at = 0;
  while (true) {
    if (!quoted && text[at] === '"') {
      quoted = true;
      at++;
    }
    if (quoted) at = closingQuote(text, at);
    if (at < 0) return true;
    const comma = text.indexOf(",", at);
    if (comma < 0) return false;
    quoted = false;
    at = comma + 1;
  }
}

/**
 * Not d3's parser: it drops what follows a closing quote, and ends a row at a lone carriage return.
 * @returns what is wrong with the row, where it cannot be told into cells.
 */
function readCells(text: string): string[] | string {
  const cells: string[] = [];
  for (let at = 0; at <= text.length; ) {
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end + 1 < text.length && text[end + 1] !== ",") return "text after the closing quote of a cell";
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const comma = text.indexOf(",", at);
      const end = comma < 0 ? text.length : comma;
      const cell = text.slice(at, end);
      if (cell.includes("\r")) return "a carriage return outside quotes";
      cells.push(cell);
      at = end + 1;
    }
  }
  return cells;
}

/** Where the quote is that ends a cell, -1 where none does; a doubled one stands for a quote in the text. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

function recordOf(names: readonly string[], cells: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, cells[index] as string]));
}

function wrongLength(found: number, expected: number): string {
  return `${found} ${found === 1 ? "cell" : "cells"}; expected ${expected}, as the first row has`;
}
