/** The rows of a file to make a dataset of, whatever of the accepted shapes they have. */

import * as v from "valibot";
import { type ExampleLine, object, text } from "../dataLines";
import { checkPrompt, type Dialogue, parsePrompt, parseTranscript, quote } from "../dialogue";
import { DialError } from "../errors";
import { byFirstLine } from "../firstLine";
import { splitPair } from "../hhRlhf";
import { type BadLine, type JsonLine, lineError, tryJsonLines } from "../jsonLines";
import { readCsvRecords } from "./csvRecords";
import { exampleOfMessages, messages } from "./messagesRow";

export interface SourceRow {
  readonly line: number;
  /** The row's completions, the better one of a pair first; null where a published pair cannot be split. */
  readonly examples: readonly ExampleLine[] | null;
  /** Texts of system messages, which are in no example. */
  readonly instructions?: readonly string[];
}

/**
 * Reads JSON Lines, or CSV whose first row names the same fields:
 * `chosen` and `rejected` as hh-rlhf publishes them, whole transcripts; with `prompt_dialogue` (a transcript) or `prompt`
 * (a question, or a transcript that begins with "Human:"), the two replies alone; `completion` or `response` with either
 * prompt is one reply; `messages` is a chat whose last message is the reply.
 * @throws DialError "invalid-json-line" where the file is neither.
 */
export async function* readSourceRows(
  chunks: AsyncIterable<string>,
): AsyncGenerator<SourceRow | BadLine, void> {
  for await (const record of readRecords(chunks)) {
    if ("problem" in record) yield record;
    else yield readRow(record);
  }
}

function readRecords(chunks: AsyncIterable<string>): AsyncGenerator<JsonLine | BadLine, void> {
  return byFirstLine(chunks, (first, text) => {
    if (first.startsWith("[")) throw lineError(1, "a JSON array; expected JSON Lines, one object a line");
    return first.startsWith("{") || first === "" ? tryJsonLines(text) : checkedCsv(text);
  });
}

const CSV_FIELDS = [["chosen", "rejected"], ["completion"], ["response"]];

/** @throws DialError "invalid-json-line" where the first row does not name the fields needed. */
async function* checkedCsv(chunks: AsyncIterable<string>): AsyncGenerator<JsonLine | BadLine, void> {
  let checked = false;
  for await (const record of readCsvRecords(chunks)) {
    if (!checked && "value" in record) {
      const names = Object.keys(record.value as object);
      if (!CSV_FIELDS.some((fields) => fields.every((field) => names.includes(field)))) {
        throw lineError(
          1,
          `neither a JSON object nor a CSV head that can be used: ${quote(names.join(","))}; ` +
            'expected columns "chosen" and "rejected", or "prompt" and "completion"',
        );
      }
      checked = true;
    }
    yield record;
  }
}

/** A field that may be missing, or null: writers of tables give every row all fields. */
const maybe = <Field>(field: v.GenericSchema<unknown, Field>) => v.nullish(field, () => undefined);

const row = object({
  prompt_dialogue: maybe(text("prompt_dialogue")),
  prompt: maybe(text("prompt")),
  chosen: maybe(text("chosen")),
  rejected: maybe(text("rejected")),
  completion: maybe(text("completion")),
  response: maybe(text("response")),
  messages: maybe(messages),
});

function readRow({ line, value }: JsonLine): SourceRow | BadLine {
  const result = v.safeParse(row, value);
  if (!result.success) return { line, problem: result.issues[0].message };
  try {
    if (result.output.messages) {
      const { example, instructions } = exampleOfMessages(result.output.messages);
      return { line, examples: [example], ...(instructions.length > 0 && { instructions }) };
    }
    return { line, examples: examplesOf(result.output) };
  } catch (error) {
    if (error instanceof DialError) return { line, problem: error.message };
    throw error;
  }
}

function examplesOf(fields: v.InferOutput<typeof row>): ExampleLine[] | null {
  const { chosen, rejected } = fields;
  const prompt = promptOf(fields);
  if (chosen === undefined && rejected === undefined) {
    const completion = fields.completion?.trim() ? fields.completion : (fields.response ?? fields.completion);
    if (completion === undefined) throw expected('"completion" is missing');
    if (prompt === null) throw expected('"prompt" is missing or blank');
    return [{ prompt, completion }];
  }
  if (chosen === undefined || rejected === undefined) {
    throw expected(`"${chosen === undefined ? "chosen" : "rejected"}" is missing`);
  }
  const pair = prompt === null ? splitPair(chosen, rejected) : { prompt, chosen, rejected };
  return pair && [pair.chosen, pair.rejected].map((completion) => ({ prompt: pair.prompt, completion }));
}

/** A column of CSV that a row does not use is blank. */
function promptOf({ prompt_dialogue: transcript, prompt }: v.InferOutput<typeof row>): Dialogue | null {
  if (transcript?.trim()) return checkPrompt(parseTranscript(transcript));
  return prompt?.trim() ? parsePrompt(prompt) : null;
}

function expected(problem: string): DialError {
  return new DialError("invalid-json-line", problem);
}
