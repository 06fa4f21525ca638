import { readSourceRows } from "../../domain/dataset/sourceRows";
import { formatTranscript } from "../../domain/dialogue";
import type { BadLine } from "../../domain/jsonLines";
import type { Axis } from "../../domain/reward";
import { type Survey, survey } from "../survey";
import type { AskedPair } from "./judgePairs";

/**
 * The pairs of a file that people chose on one axis, in any shape that a dataset may have. A published pair that cannot
 * be split into a prompt and two replies is a bad line like any other.
 */
export async function* tryAskedPairs(
  chunks: AsyncIterable<string>,
  axis: Axis,
): AsyncGenerator<AskedPair | BadLine, void> {
  for await (const row of readSourceRows(chunks)) {
    if ("problem" in row) {
      yield row;
      continue;
    }
    if (row.examples === null) {
      yield { line: row.line, problem: "a damaged pair: its transcripts share no prompt" };
      continue;
    }
    const [better, worse] = row.examples;
    if (!better || !worse) {
      yield { line: row.line, problem: 'one reply alone; expected "chosen" and "rejected"' };
      continue;
    }
    const pair = { prompt: better.prompt, chosen: better.completion, rejected: worse.completion };
    yield { axis, line: row.line, pair };
  }
}

export function surveyPairs(source: AsyncIterable<AskedPair | BadLine>): Promise<Survey> {
  return survey(source, ({ line, pair: { prompt, chosen, rejected } }, place) => {
    // The texts are found again by line. One that its place tells is left out: hashes recorded without lines stay valid.
    const at = line === place ? [] : [line];
    return JSON.stringify([formatTranscript(prompt), chosen, rejected, ...at]);
  });
}
