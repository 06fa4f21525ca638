import { parseTranscript } from "../../domain/dialogue";
import { type FineTuningTarget, fineTuningRow } from "../../domain/fineTuning";
import type { Row } from "../../domain/row";

/**
 * What a round would add to training, in JSON Lines: each completion after the rewards that it really got. Empty
 * completions are left out.
 */
export function trainingRows(rows: readonly Row[], target: FineTuningTarget): string[] {
  return rows
    .filter(({ completion }) => completion.trim() !== "")
    .map(({ prompt, completion, actual }) => {
      const example = { prompt: parseTranscript(prompt), completion };
      return `${JSON.stringify(fineTuningRow(example, actual, "bottom", target))}\n`;
    });
}
