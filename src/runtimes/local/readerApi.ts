/** What the page asks of the reader of data files. Everything here crosses by structured clone. */

import type { PairLine } from "../../domain/dataLines";
import type { Axis } from "../../domain/reward";
import type { TargetList } from "../../domain/targetLines";
import type { RunPrompts } from "../../experiments/runPrompts";
import type { AskedPair } from "../../experiments/studies/judgePairs";
import type { Survey } from "../../experiments/survey";

/** Pairs that people chose on one axis. */
export interface PairsFile {
  readonly axis: Axis;
  readonly content: Blob;
}

export interface ReaderApi {
  surveyPrompts(file: Blob): Promise<Survey>;
  pickPrompts(file: Blob, survey: Survey, seed: number, most: number): Promise<RunPrompts>;
  /** The first `most` targets of a CSV, and what is wrong with its lines. */
  readTargets(file: Blob, most: number): Promise<TargetList>;
  surveyPairs(file: PairsFile): Promise<Survey>;
  /** Begins to walk through the pairs of all files, one after the other. */
  beginPairs(files: readonly PairsFile[]): Promise<void>;
  /** The next list, or null at the end. */
  nextPairs(): Promise<readonly AskedPair[] | null>;
  /** The pair at a line; null where there is none. */
  pairAt(file: PairsFile, line: number): Promise<PairLine | null>;
}
