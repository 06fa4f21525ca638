/** The reader's worker: reads data files of any size off the page's thread, and holds none of them. */

import { tryPrompts } from "../src/domain/dataLines";
import { DialError } from "../src/domain/errors";
import { readTargets } from "../src/domain/targetLines";
import { batches } from "../src/experiments/batches";
import { pickPrompts, surveyPrompts } from "../src/experiments/runPrompts";
import { surveyPairs, tryAskedPairs } from "../src/experiments/studies/askedPairs";
import type { AskedPair } from "../src/experiments/studies/judgePairs";
import type { PairsFile, ReaderApi } from "../src/runtimes/local/readerApi";
import { serve } from "../src/runtimes/serve";
import { textChunks } from "../src/storage/textChunks";

/** Pairs handed over at once. */
const BATCH = 64;

let walk: AsyncGenerator<readonly AskedPair[], void> | undefined;

const api: ReaderApi = {
  surveyPrompts: (file) => surveyPrompts(tryPrompts(textChunks(file))),
  pickPrompts: (file, survey, seed, most) => pickPrompts(tryPrompts(textChunks(file)), survey, seed, most),
  readTargets: (file, most) => readTargets(textChunks(file), most),
  surveyPairs: (file) => surveyPairs(linesOf(file)),

  async beginPairs(files) {
    await walk?.return();
    walk = batches(pairsOf(files), BATCH);
  },

  async nextPairs() {
    if (!walk) throw new DialError("worker-died", "the reading was interrupted; go on with it", true);
    const next = await walk.next();
    return next.done ? null : next.value;
  },

  async pairAt(file, line) {
    for await (const pair of pairsOf([file])) if (pair.line === line) return pair.pair;
    return null;
  },
};

const linesOf = ({ content, axis }: PairsFile) => tryAskedPairs(textChunks(content), axis);

async function* pairsOf(files: readonly PairsFile[]): AsyncGenerator<AskedPair, void> {
  for (const file of files) {
    for await (const line of linesOf(file)) if (!("problem" in line)) yield line;
  }
}

serve(api);
