/** The runs of studies that this browser keeps. */

import type { Dialogue } from "../domain/dialogue";
import type { Target } from "../domain/reward";
import type { Row } from "../domain/row";
import type { RunHeader } from "../domain/run";
import type { RunPrompts } from "../experiments/runPrompts";
import type { ShippedPolicies } from "../experiments/studies/study";
import type { SamplingParameters } from "../runtimes/policy";
import { type RunHead, runStore } from "./runStore";
import type { PromptOrigin } from "./runs";

/** What a study was asked for, as it was when Run was pressed. */
export interface StudyRequest extends PromptOrigin {
  readonly study: string;
  /** Rows of each condition. */
  readonly n: number;
  readonly seed: number;
  readonly sampling: SamplingParameters;
  readonly ownTargets: readonly Target[];
  readonly prompts: RunPrompts;
  /** What shipped then: it decides which conditions there are. */
  readonly policies: ShippedPolicies;
}

export interface StoredStudy extends RunHead, Omit<StudyRequest, "prompts"> {
  /** Its main one; left out by earlier versions. */
  readonly policy?: string;
  readonly header: RunHeader;
}

/** Name of the list that a study's runs are in. */
export const studyList = (study: string): string => `study ${study}`;

export const studyRuns = runStore<StoredStudy, readonly Dialogue[], Row>(
  ({ study }) => studyList(study),
  ({ condition = "", row }) => [condition, row],
);
