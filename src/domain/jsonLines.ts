/** JSON Lines, read from text that comes in chunks; memory is bounded by the longest line. */

import { quote } from "./dialogue";
import { DialError } from "./errors";

export interface JsonLine {
  /** Number of the line in the file, from 1. */
  readonly line: number;
  readonly value: unknown;
}

/** A line that could not be read; those after it still can. */
export interface BadLine {
  readonly line: number;
  /** What is wrong with it and, where it helps, what was expected. */
  readonly problem: string;
}

/** Characters; a file without line breaks that is longer is not made of lines. */
export const LONGEST_LINE = 16_000_000;

/**
 * Yields one value a line; blank lines are skipped.
 * @throws DialError "invalid-json-line" naming the line.
 */
export async function* readJsonLines(chunks: AsyncIterable<string>): AsyncGenerator<JsonLine, void> {
  for await (const read of tryJsonLines(chunks)) {
    if ("problem" in read) throw lineError(read.line, read.problem);
    yield read;
  }
}

/** As `readJsonLines`, but yields what is wrong with a line and goes on. */
export async function* tryJsonLines(chunks: AsyncIterable<string>): AsyncGenerator<JsonLine | BadLine, void> {
  let line = 0;
  for await (const text of readLines(chunks)) {
    line++;
    if (text.trim() !== "") yield parseLine(text, line);
  }
}

/** The error for a line; `problem` says what is wrong and, where it helps, what was expected. */
export function lineError(line: number, problem: string): DialError {
  return new DialError("invalid-json-line", `line ${line}: ${problem}`);
}

/**
 * Lines without their \n; the \r of a \r\n is white space to JSON.
 * @throws DialError "invalid-json-line" for a line without an end.
 */
export async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  let parts: string[] = [];
  let length = 0;
  let count = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", start)) {
      parts.push(chunk.slice(start, end));
      yield parts.join("");
      count++;
      parts = [];
      length = 0;
      start = end + 1;
    }
    parts.push(chunk.slice(start));
    length += chunk.length - start;
    checkLength(count + 1, length);
  }
  if (length > 0) yield parts.join("");
}

/** A text that is there as a whole, as chunks. */
export async function* inOneChunk(text: string): AsyncGenerator<string, void> {
  yield text;
}

/** @throws DialError "invalid-json-line" where a line has more characters than any should. */
function checkLength(line: number, length: number): void {
  if (length <= LONGEST_LINE) return;
  throw lineError(line, `longer than ${LONGEST_LINE} characters; expected one JSON object a line`);
}

function parseLine(text: string, line: number): JsonLine | BadLine {
  try {
    return { line, value: JSON.parse(text) };
  } catch {
    return { line, problem: `not JSON: ${quote(text)}` };
  }
}
