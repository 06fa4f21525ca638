/** The pairs of hh-rlhf as they are published: two whole transcripts that share all but the last reply. */

import type { PairLine } from "./dataLines";
import { type Dialogue, formatTranscript, parseTranscript } from "./dialogue";

/**
 * Splits both transcripts before their last Assistant turn. Texts are trimmed.
 *
 * About two in a thousand published pairs are damaged: a turn was lost or merged into another, so that the transcripts
 * do not share a prompt, or it ends with the assistant.
 * @returns null for such a pair.
 * @throws DialError "invalid-dialogue" where a text is no transcript.
 */
export function splitPair(chosen: string, rejected: string): PairLine | null {
  const [better, worse] = [splitLastReply(chosen), splitLastReply(rejected)];
  if (better === null || worse === null) return null;
  if (formatTranscript(better.prompt) !== formatTranscript(worse.prompt)) return null;
  return { prompt: better.prompt, chosen: better.reply, rejected: worse.reply };
}

function splitLastReply(transcript: string): { prompt: Dialogue; reply: string } | null {
  const turns = parseTranscript(transcript);
  const prompt = turns.slice(0, -1);
  const [asked, answered] = [prompt.at(-1), turns.at(-1)];
  if (asked?.speaker !== "human" || asked.text === "" || answered?.speaker !== "assistant") return null;
  return { prompt, reply: answered.text };
}
