import { writeMessages } from "../../domain/chatMessages";
import { checkPrompt, type Dialogue, parseTranscript } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { type FineTuningTarget, fineTuningRow } from "../../domain/fineTuning";
import { promptText, writePrompt } from "../../domain/rewardPrompt";
import type { Row } from "../../domain/row";

export interface TrainingRows {
  /** JSON Lines. */
  readonly lines: readonly string[];
  /** Completions whose prompt is none, or another one, when it is read back: a text can look like a transcript. */
  readonly unusable: number;
}

/**
 * What a round would add to training: each completion after the rewards that it really got. Empty completions are left
 * out.
 */
export function trainingRows(rows: readonly Row[], target: FineTuningTarget): TrainingRows {
  const lines: string[] = [];
  let unusable = 0;
  for (const { prompt: transcript, prompted, completion, actual } of rows) {
    if (completion.trim() === "") continue;
    const prompt = tryPrompt(transcript);
    if (prompt === null || !isPromptOf(prompted, prompt)) unusable++;
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

/** Whether a policy's prompt, in whatever shape it was written, is of this dialogue. */
function isPromptOf(prompted: string, dialogue: Dialogue): boolean {
  const found = withoutRewards(prompted);
  return [
    promptText(writePrompt(dialogue, null, "none", "chat")),
    promptText(writePrompt(dialogue, null, "none", "transcript")),
    JSON.stringify(writeMessages(dialogue, null, "none")),
  ].some((written) => withoutRewards(written) === found);
}

/** Without reward blocks, and without the white space that may stand around them, in JSON or not. */
function withoutRewards(prompted: string): string {
  return prompted.replace(/<REWARD>[^<]*<SOS>|\\[nr]|\s/g, "");
}
