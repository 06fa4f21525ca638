/** Which completions of a file go into a dataset, and into which part of it. */

import type { ExampleLine } from "../dataLines";
import { type Dialogue, firstQuestion, formatTranscript, quote } from "../dialogue";
import type { Split } from "../fineTuningFile";
import { fingerprint, fingerprintShare } from "../fingerprint";
import type { BadLine } from "../jsonLines";
import type { Findings } from "./findings";
import type { SourceRow } from "./sourceRows";

export interface SelectedExample extends ExampleLine {
  readonly line: number;
  /** Fingerprint of prompt and completion: its label is kept under it. */
  readonly key: number;
  /** Fingerprint of the first human turn; dialogues that begin alike go into the same part. */
  readonly opening: number;
}

export interface ReadCounts {
  rows: number;
  completions: number;
}

/**
 * The examples to label, in the order of the file; the same file always gives the same ones. What is left out is added
 * to `findings`, and lines that cannot be read are. Holds a number for each completion, to know it again by.
 * @param testOpenings of the prompts that the policy will be tested on; examples that begin with one are left out.
 */
export async function* selectExamples(
  rows: AsyncIterable<SourceRow | BadLine>,
  testOpenings: ReadonlySet<number>,
  findings: Findings,
  counts: ReadCounts = { rows: 0, completions: 0 },
): AsyncGenerator<SelectedExample, void> {
  const seen = new Set<number>();
  for await (const row of rows) {
    counts.rows++;
    const { line } = row;
    if ("problem" in row) {
      findings.add("malformed", line, row.problem);
    } else if (row.examples === null) {
      findings.add("unsplit", line, "the two transcripts do not share a prompt");
    } else {
      for (const said of row.instructions ?? []) findings.add("instructions", line, quote(said));
      for (const example of row.examples) {
        counts.completions++;
        const { prompt } = example;
        const completion = example.completion.trim();
        const shown = quote(firstQuestion(prompt));
        const key = exampleKey(prompt, completion);
        const opening = openingOf(prompt);
        if (completion === "") findings.add("empty", line, `the completion of ${shown} has no text`);
        else if (seen.has(key)) findings.add("duplicate", line, `${shown} with ${quote(completion)}`);
        else if (testOpenings.has(opening)) findings.add("leaked", line, shown);
        else yield { line, prompt, completion, key, opening };
        if (completion !== "") seen.add(key);
      }
    }
  }
}

/** @param validation share of openings, in [0, 1), that are for validation. */
export function splitOf(opening: number, validation: number): Split {
  return fingerprintShare(opening) < validation ? "validation" : "train";
}

/** Two prompts begin alike whatever their case and white space. */
export function openingOf(prompt: Dialogue): number {
  return fingerprint(firstQuestion(prompt).toLowerCase().replace(/\s+/g, " ").trim());
}

function exampleKey(prompt: Dialogue, completion: string): number {
  return fingerprint(formatTranscript([...prompt, { speaker: "assistant", text: completion }]));
}
