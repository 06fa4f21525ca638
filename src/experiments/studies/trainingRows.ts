import { parseTranscript } from "../../domain/dialogue";
import { fineTuningRow } from "../../domain/fineTuning";
import type { Row } from "../../domain/row";

/**
 * What a round would add to training: each completion after the rewards that it really got, as prompt-completion pairs
 * in JSON Lines. Empty completions are left out.
 */
export function trainingRows(rows: readonly Row[]): string {
  return rows
    .filter(({ completion }) => completion.trim() !== "")
    .map(({ prompt, completion, actual }) => {
      const example = { prompt: parseTranscript(prompt), completion };
      return `${JSON.stringify(fineTuningRow(example, actual, "bottom", "completion"))}\n`;
    })
    .join("");
}
