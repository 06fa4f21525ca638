/** Dialogues and the transcripts that hh-rlhf publishes. */

export type Speaker = "human" | "assistant";

export interface Turn {
  readonly speaker: Speaker;
  readonly text: string;
}

/** Turns in order; one that is a prompt ends with a human turn. */
export type Dialogue = readonly Turn[];
