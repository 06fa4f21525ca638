import { type CountText, countRow } from "../../domain/dataset/countTokens";
import type { Findings } from "../../domain/dataset/findings";
import type { LabelTable } from "../../domain/dataset/labelTable";
import type { RewardScale } from "../../domain/dataset/rewardScale";
import { type SelectedExample, splitOf } from "../../domain/dataset/selectExamples";
import { firstQuestion, quote } from "../../domain/dialogue";
import { type FineTuningTarget, fineTuningRow } from "../../domain/fineTuning";
import type { Split } from "../../domain/fineTuningFile";
import type { PromptFormat } from "../../domain/rewardPrompt";

export interface RowStyle {
  readonly format: PromptFormat;
  readonly target: FineTuningTarget;
  readonly scale: RewardScale;
  /** Share of first questions, in [0, 1), whose rows are for validation. */
  readonly validation: number;
  readonly count: CountText;
  /** Rows of more tokens are left out. */
  readonly maxTokens: number;
}

export interface WrittenRow {
  readonly line: number;
  readonly split: Split;
  /** A line of the file, its break included. */
  readonly text: string;
  readonly tokens: number;
}

/** The rows of the examples that have a label, in their order; one that is too long goes to `findings` instead. */
export async function* writeRows(
  examples: AsyncIterable<SelectedExample>,
  labels: LabelTable,
  { format, target, scale, validation, count, maxTokens }: RowStyle,
  findings: Findings,
): AsyncGenerator<WrittenRow, void> {
  for await (const example of examples) {
    const { key, line, prompt, opening } = example;
    const raw = labels.get(key);
    if (raw === undefined) continue;
    const row = fineTuningRow(example, scale(raw), format, target);
    const tokens = countRow(row, count);
    if (tokens > maxTokens) {
      const start = quote(firstQuestion(prompt));
      findings.add("too-long", line, `${start} has ${tokens} tokens; the model takes ${maxTokens} at most`);
      continue;
    }
    yield { line, split: splitOf(opening, validation), text: `${JSON.stringify(row)}\n`, tokens };
  }
}
