/** JSON Lines, read from text that comes in chunks; memory is bounded by the longest line. */

import { DialError } from "./errors";

export interface JsonLine {
  /** Number of the line in the file, from 1. */
  readonly line: number;
  readonly value: unknown;
}

/** Characters; a file without line breaks that is longer is not JSON Lines. */
const LONGEST_LINE = 16_000_000;

/**
 * Yields one value a line; blank lines are skipped.
 * @throws DialError "invalid-json-line" naming the line.
 */
export async function* readJsonLines(chunks: AsyncIterable<string>): AsyncGenerator<JsonLine, void> {
  let line = 0;
  for await (const text of readLines(chunks)) {
    line++;
    if (text.trim() === "") continue;
    yield { line, value: parseLine(text, line) };
  }
}

/** The error for a line; `problem` says what is wrong and, where it helps, what was expected. */
export function lineError(line: number, problem: string): DialError {
  return new DialError("invalid-json-line", `line ${line}: ${problem}`);
}

/** Lines without their \n; the \r of a \r\n is white space to JSON. */
async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
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
    if (length > LONGEST_LINE) {
      throw lineError(count + 1, `longer than ${LONGEST_LINE} characters; expected one JSON object a line`);
    }
  }
  if (length > 0) yield parts.join("");
}

function parseLine(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const shown = text.trim();
    throw lineError(
      line,
      `not JSON: ${JSON.stringify(shown.length > 60 ? `${shown.slice(0, 60)}...` : shown)}`,
    );
  }
}
