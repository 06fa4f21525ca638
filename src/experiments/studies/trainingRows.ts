import { checkPrompt, type Dialogue, parseTranscript } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { type FineTuningTarget, fineTuningRow } from "../../domain/fineTuning";
import type { Row } from "../../domain/row";

export interface TrainingRows {
  /** JSON Lines. */
  readonly lines: readonly string[];
  /** Completions whose prompt is none when it is read back: a question can have a text like that of a transcript. */
  readonly unusable: number;
}

/**
 * What a round would add to training: each completion after the rewards that it really got. Empty completions are left
 * out.
 */
export function trainingRows(rows: readonly Row[], target: FineTuningTarget): TrainingRows {
  const lines: string[] = [];
  let unusable = 0;
  for (const { prompt: transcript, completion, actual } of rows) {
    if (completion.trim() === "") continue;
    const prompt = tryPrompt(transcript);
    if (prompt === null) unusable++;
    else lines.push(`${JSON.stringify(fineTuningRow({ prompt, completion }, actual, "bottom", target))}\n`);
  }
  return { lines, unusable };
}

function tryPrompt(transcript: string): Dialogue | null {
  try {
    return checkPrompt(parseTranscript(transcript));
  } catch (error) {
    if (error instanceof DialError) return null;
    throw error;
  }
}
