import { readSourceRows } from "../../domain/dataset/sourceRows";
import { lineError } from "../../domain/jsonLines";
import type { Axis } from "../../domain/reward";
import type { AskedPair } from "./judgePairs";

/**
 * The pairs of a file that people chose on one axis, in any shape that a dataset may have. Published pairs that cannot
 * be split into a prompt and two replies are left out.
 * @throws DialError "invalid-json-line" naming the first line that holds no pair.
 */
export async function* readAskedPairs(
  chunks: AsyncIterable<string>,
  axis: Axis,
): AsyncGenerator<AskedPair, void> {
  for await (const row of readSourceRows(chunks)) {
    if ("problem" in row) throw lineError(row.line, row.problem);
    if (row.examples === null) continue;
    const [better, worse] = row.examples;
    if (!better || !worse) throw lineError(row.line, 'one reply alone; expected "chosen" and "rejected"');
    const pair = { prompt: better.prompt, chosen: better.completion, rejected: worse.completion };
    yield { axis, pair };
  }
}
