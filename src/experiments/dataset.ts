/** Labels the completions of comparisons with a judge and writes each as a row to fine-tune a policy on. */

import type { PairLine } from "../domain/dataLines";
import { formatTranscript } from "../domain/dialogue";
import { DialError } from "../domain/errors";
import { type FineTuningTarget, fineTuningRow } from "../domain/fineTuning";
import type { PromptFormat } from "../domain/rewardPrompt";
import { SeenTexts } from "../domain/seenTexts";
import type { Example, RewardModel } from "../runtimes/rewardModel";
import { batches } from "./batches";

export interface DatasetOptions {
  readonly format: PromptFormat;
  readonly target: FineTuningTarget;
  readonly signal?: AbortSignal;
}

/** written = completions - duplicates - empty; completions = 2 (pairs - unsplit). */
export interface DatasetCounts {
  /** Pairs read. */
  readonly pairs: number;
  /** Pairs dropped: damaged transcripts, see `splitPair`. */
  readonly unsplit: number;
  readonly completions: number;
  readonly written: number;
  /** Completions dropped: the same text to the same prompt came before. */
  readonly duplicates: number;
  /** Completions dropped: no text. */
  readonly empty: number;
  /** UTF-8 bytes of the lines. */
  readonly bytes: number;
}

export interface DatasetResult extends DatasetCounts {
  readonly format: PromptFormat;
  readonly target: FineTuningTarget;
}

export interface DatasetProgress extends DatasetCounts {
  readonly kind: "rows";
  /** The next lines of the file, each with its break; may be empty. */
  readonly text: string;
}

/** Pairs labelled in one call of the judge. */
const BATCH = 16;

/**
 * Yields the lines batch by batch, in the order of the pairs, chosen before rejected; returns the counts. Holds one
 * batch, and a number for each completion to know it again by.
 * @throws DialError "invalid-option" where no row was made, "aborted" on stop, and what reader and judge throw.
 */
export async function* dataset(
  pairs: AsyncIterable<PairLine | null> | Iterable<PairLine | null>,
  judge: RewardModel,
  { format, target, signal }: DatasetOptions,
): AsyncGenerator<DatasetProgress, DatasetResult> {
  const seen = new SeenTexts();
  const encoder = new TextEncoder();
  const counts = { pairs: 0, unsplit: 0, completions: 0, written: 0, duplicates: 0, empty: 0, bytes: 0 };

  function keep(example: Example): boolean {
    counts.completions++;
    const completion = example.completion.trim();
    if (completion === "") {
      counts.empty++;
      return false;
    }
    const isNew = seen.add(formatTranscript([...example.prompt, { speaker: "assistant", text: completion }]));
    if (!isNew) counts.duplicates++;
    return isNew;
  }

  for await (const batch of batches(pairs, BATCH)) {
    if (signal?.aborted) throw new DialError("aborted", "labelling was stopped", true);
    const whole = batch.filter((pair) => pair !== null);
    counts.pairs += batch.length;
    counts.unsplit += batch.length - whole.length;
    const examples = whole.flatMap(examplesOf).filter(keep);
    const scores = await judge.score(examples, signal ? { signal } : {});
    const text = scores
      .map(({ percentile }, index) => {
        const row = fineTuningRow(examples[index] as Example, percentile, format, target);
        return `${JSON.stringify(row)}\n`;
      })
      .join("");
    counts.written += examples.length;
    counts.bytes += encoder.encode(text).length;
    yield { kind: "rows", text, ...counts };
  }
  if (counts.written === 0) throw new DialError("invalid-option", "no completions; nothing to write");
  return { ...counts, format, target };
}

function examplesOf({ prompt, chosen, rejected }: PairLine): Example[] {
  return [
    { prompt, completion: chosen },
    { prompt, completion: rejected },
  ];
}
