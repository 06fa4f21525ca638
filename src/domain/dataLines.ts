/** The lines of data files: prompts, examples to score, and pairs of a better and a worse completion. */

import * as v from "valibot";
import { readCsvRecords } from "./dataset/csvRecords";
import { checkPrompt, type Dialogue, parsePrompt, parseTranscript } from "./dialogue";
import { DialError } from "./errors";
import { byFirstLine } from "./firstLine";
import { type BadLine, type JsonLine, lineError, readJsonLines, readLines, tryJsonLines } from "./jsonLines";
import { plainCells } from "./plainCells";

export interface ExampleLine {
  readonly prompt: Dialogue;
  readonly completion: string;
}

export interface PairLine {
  readonly prompt: Dialogue;
  readonly chosen: string;
  readonly rejected: string;
}

/** Text in a field of a line; the message says which field is wrong. */
export const text = (field: string) =>
  v.string(({ received }) => {
    return received === "undefined" ? `"${field}" is missing` : `"${field}" is ${received}; expected text`;
  });

/** A line that is a JSON object with these fields; others are ignored. */
export const object = <Entries extends v.ObjectEntries>(entries: Entries) =>
  v.object(entries, ({ received, expected }) => {
    const field = /^"(.*)"$/.exec(expected ?? "");
    return field ? `"${field[1]}" is missing` : `${received}; expected a JSON object`;
  });

const promptLine = v.union(
  [object({ prompt_dialogue: text("prompt_dialogue") }), object({ prompt: text("prompt") })],
  'expected "prompt_dialogue" (a transcript) or "prompt" (a question), as text',
);
const exampleLine = object({ prompt_dialogue: text("prompt_dialogue"), completion: text("completion") });
const pairLine = object({
  prompt_dialogue: text("prompt_dialogue"),
  chosen: text("chosen"),
  rejected: text("rejected"),
});

/** As `tryPrompts`, but a line that is no prompt ends the reading. @throws DialError naming the line. */
export async function* readPrompts(chunks: AsyncIterable<string>): AsyncGenerator<Dialogue, void> {
  for await (const read of tryPrompts(chunks)) {
    if ("problem" in read) throw lineError(read.line, read.problem);
    yield read.prompt;
  }
}

export interface PromptLine {
  readonly line: number;
  readonly prompt: Dialogue;
}

/**
 * JSON Lines with `prompt_dialogue` (a transcript that ends with a human turn) or `prompt` (a question, or a
 * transcript that begins with "Human:"); CSV with a column of one of these names; or plain text, one question a line.
 * Blank lines are skipped.
 */
export function tryPrompts(chunks: AsyncIterable<string>): AsyncGenerator<PromptLine | BadLine, void> {
  return byFirstLine(chunks, (first, text) => {
    if (beginsArray(first)) throw lineError(1, "a JSON array; expected JSON Lines, one object a line");
    if (beginsObject(first)) return promptsIn(tryJsonLines(text));
    if (isCsvHead(first)) return promptsIn(readCsvRecords(text));
    return questions(text, first);
  });
}

/** Whether a line names the prompts' column, or that of the pairs that may stand there in its place. */
function isCsvHead(line: string, separator = ","): boolean {
  const names = plainCells(line.toLowerCase(), separator);
  return ["prompt_dialogue", "prompt", "chosen"].some((name) => names.includes(name));
}

const NAMES_OF_COLUMNS = /^"?[\w-]+"?(?:([,;\t])"?[\w-]+"?)+$/;

/** Whether the first two lines are a table whose columns are called otherwise. "Hi,there" alone is a question. */
function isOtherTable(first: string, second: string): boolean {
  if ([";", "\t"].some((separator) => first.includes(separator) && isCsvHead(first, separator))) return true;
  const separator = NAMES_OF_COLUMNS.exec(first)?.[1];
  return separator !== undefined && second.split(separator).length >= first.split(separator).length;
}

const OTHER_HEAD =
  'the names of columns, of which none is "prompt" or "prompt_dialogue"; call the one with the prompts so, and put commas between columns';

/** A question, too, may begin with a bracket: "[Urgent] My cat ate chocolate". */
function beginsArray(line: string): boolean {
  return /^\[\s*(\{|$)/.test(line) || (line.startsWith("[") && isJson(line));
}

/** Whether a line is, or was meant to be, an object of JSON. */
function beginsObject(line: string): boolean {
  return /^\{\s*("|$)/.test(line) || (line.startsWith("{") && isJson(line));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function* promptsIn(
  records: AsyncIterable<JsonLine | BadLine>,
): AsyncGenerator<PromptLine | BadLine, void> {
  for await (const read of records) {
    if ("problem" in read) {
      yield read;
      continue;
    }
    const { line, value } = read;
    const result = v.safeParse(promptLine, value);
    if (!result.success) yield { line, problem: result.issues[0].message };
    else yield tryPrompt(line, result.output);
  }
}

function tryPrompt(line: number, fields: v.InferOutput<typeof promptLine>): PromptLine | BadLine {
  try {
    const prompt =
      "prompt_dialogue" in fields ? readPrompt(fields.prompt_dialogue) : parsePrompt(fields.prompt);
    return { line, prompt };
  } catch (error) {
    if (error instanceof DialError) return { line, problem: error.message };
    throw error;
  }
}

async function* questions(
  chunks: AsyncIterable<string>,
  first: string,
): AsyncGenerator<PromptLine | BadLine, void> {
  let line = 0;
  let asked = 0;
  for await (const read of readLines(chunks)) {
    line++;
    const text = read.trim();
    if (text === "") continue;
    asked++;
    if (asked === 2 && isOtherTable(first, text)) throw lineError(1, OTHER_HEAD);
    yield tryPrompt(line, { prompt: text });
  }
}

/** Lines `{"prompt_dialogue", "completion"}`. */
export function readExamples(chunks: AsyncIterable<string>): AsyncGenerator<ExampleLine, void> {
  return readData(chunks, exampleLine, ({ prompt_dialogue, completion }) => ({
    prompt: readPrompt(prompt_dialogue),
    completion,
  }));
}

/** Lines `{"prompt_dialogue", "chosen", "rejected"}`. */
export function readPairs(chunks: AsyncIterable<string>): AsyncGenerator<PairLine, void> {
  return readData(chunks, pairLine, ({ prompt_dialogue, chosen, rejected }) => ({
    prompt: readPrompt(prompt_dialogue),
    chosen,
    rejected,
  }));
}

function readPrompt(transcript: string): Dialogue {
  return checkPrompt(parseTranscript(transcript));
}

/** @throws DialError naming the line and what is wrong with it. */
async function* readData<Line, Read>(
  chunks: AsyncIterable<string>,
  schema: v.GenericSchema<unknown, Line>,
  read: (line: Line) => Read,
): AsyncGenerator<Read, void> {
  for await (const { line, value } of readJsonLines(chunks)) {
    const result = v.safeParse(schema, value);
    if (!result.success) throw lineError(line, result.issues[0].message);
    yield atLine(line, () => read(result.output));
  }
}

function atLine<Read>(line: number, read: () => Read): Read {
  try {
    return read();
  } catch (error) {
    if (error instanceof DialError) throw new DialError(error.code, `line ${line}: ${error.message}`);
    throw error;
  }
}
