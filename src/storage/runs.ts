/** The runs of the match experiment that this browser keeps. */

import type { Dialogue } from "../domain/dialogue";
import type { Row } from "../domain/row";
import type { RunHeader } from "../domain/run";
import type { MatchSettings } from "../experiments/matchHeader";
import type { RunPrompts } from "../experiments/runPrompts";
import { type RunHead, runStore } from "./runStore";

export interface PromptOrigin {
  /** Where the prompts came from, as it is shown. */
  readonly source: string;
  /** The prompts as they were typed on the page, where they were; a link carries them. */
  readonly typed?: string;
}

/** What a match was asked for, as it was when Start was pressed. */
export interface MatchRequest extends Omit<MatchSettings, "shuffled">, PromptOrigin {
  /** As many as the run may have rows: it can be gone on with when the file is no longer at hand. */
  readonly prompts: RunPrompts;
}

export interface StoredRun extends RunHead, Omit<MatchRequest, "prompts"> {
  readonly policy: string;
  readonly judge: string;
  /** As the run's file begins: what the rows depend on, the sha256 of each model file among it. */
  readonly header: RunHeader;
}

/** The list that they are in. */
export const MATCHES = "match";

export const matchRuns = runStore<StoredRun, readonly Dialogue[], Row>(
  () => MATCHES,
  ({ row }) => [row],
);

/** The key of the prompts that runs of one source and seed share. */
export function promptsKey({ sha256 }: RunPrompts, seed: number): string {
  return `prompts ${sha256} ${seed}`;
}
