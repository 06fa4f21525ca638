/** Data files, read in a worker of its own. */

import type { PairLine } from "../../domain/dataLines";
import type { TargetList } from "../../domain/targetLines";
import type { RunPrompts } from "../../experiments/runPrompts";
import type { AskedPair } from "../../experiments/studies/judgePairs";
import type { Survey } from "../../experiments/survey";
import { Bridge } from "../bridge";
import type { PairsFile, ReaderApi } from "./readerApi";

const bridge = new Bridge<ReaderApi>("the reader's worker", startWorker, async () => {});

/** What a file of prompts holds. @throws DialError "invalid-json-line" where it cannot be read at all. */
export function surveyPrompts(file: Blob): Promise<Survey> {
  return bridge.call((api) => api.surveyPrompts(file));
}

/** The prompts of a run's first `most` rows. */
export function pickPrompts(file: Blob, survey: Survey, seed: number, most: number): Promise<RunPrompts> {
  return bridge.call((api) => api.pickPrompts(file, survey, seed, most));
}

/** The first `most` targets of a CSV, and what is wrong with its lines. */
export function readTargets(file: Blob, most: number): Promise<TargetList> {
  return bridge.call((api) => api.readTargets(file, most));
}

/** What a file of pairs holds. @throws DialError "invalid-json-line" where it cannot be read at all. */
export function surveyPairs(file: PairsFile): Promise<Survey> {
  return bridge.call((api) => api.surveyPairs(file));
}

/** The pairs of all files, one after the other; lines that hold none are left out. One walk at a time. */
export async function* walkPairs(files: readonly PairsFile[]): AsyncGenerator<AskedPair, void> {
  await bridge.call((api) => api.beginPairs(files));
  while (true) {
    const batch = await bridge.call((api) => api.nextPairs());
    if (batch === null) return;
    yield* batch;
  }
}

/** The pair at a line; null where there is none. */
export function pairAt(file: PairsFile, line: number): Promise<PairLine | null> {
  return bridge.call((api) => api.pairAt(file, line));
}

function startWorker(): Worker {
  return new Worker(new URL("../../../workers/reader.worker.ts", import.meta.url), {
    type: "module",
    name: "reader",
  });
}
