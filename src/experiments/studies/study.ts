/** A study is a list of conditions over the same prompts and seeds, so that any two of them can be compared in pairs. */

import type { Axis, Target } from "../../domain/reward";
import type { PromptFormat } from "../../domain/rewardPrompt";
import type { TargetSamplerName } from "../../domain/targets";

/** An adapter that ships, as its manifest describes it. */
export interface ShippedAdapter {
  readonly name: string;
  readonly format: PromptFormat;
  /** The axes that its prompts give. */
  readonly axes: readonly Axis[];
}

/** The policies that a study can choose from. */
export interface ShippedPolicies {
  readonly adapters: readonly ShippedAdapter[];
  /** Name of the default adapter. */
  readonly main: string;
  /** Name of the policy without adapter. */
  readonly base: string;
  /** Set where an endpoint answers in the main policy's place: it has no guidance. */
  readonly unguided?: true;
}

/**
 * Which rewards a row asks for. sampler: drawn, see domain/targets. fixed: always the same. grid: row by row through
 * `side` x `side` points. list: row by row through the user's own. null: the null reward.
 */
export type TargetRule =
  | { readonly kind: "sampler"; readonly sampler: TargetSamplerName }
  | { readonly kind: "fixed"; readonly target: Target }
  | { readonly kind: "grid"; readonly side: number }
  | { readonly kind: "list"; readonly targets: readonly Target[] }
  | { readonly kind: "null" };

export interface Condition {
  /** As it is shown, and written into each row. */
  readonly name: string;
  /** The policy, by name; null where none that fits is shipped. */
  readonly policy: string | null;
  /** What is missing, where no policy is: "an adapter trained with the reward at the top". */
  readonly needs: string;
  readonly targets: TargetRule;
  /** Axes that are asked for; the others are left out of the prompt. */
  readonly axes: readonly Axis[];
  /** Control: the prompt has other targets than those compared. */
  readonly shuffled: boolean;
  readonly bestOf: number;
  readonly guidance: number;
  /** Where it stands on the study's axis, such as a number of examples. */
  readonly at: number | null;
  /** Which curve over that axis it is of, where there are more than one. */
  readonly series: string | null;
}

export interface Study {
  readonly name: string;
  readonly title: string;
  /** What was asked, in three sentences. */
  readonly asked: string;
  /** Rows of each condition, unless the user wants another number. */
  readonly rows: number;
  /** What the study compares: how targets and actuals correlate, or the mean reward. */
  readonly compares: "r" | "mean";
  /** What `at` of a condition counts. */
  readonly at?: string;
  /** One prompt for all rows instead of a set of them. */
  readonly onePrompt: boolean;
  /**
   * Each is compared with the first one that it can be compared with, see summariseStudy.
   * @param ownTargets of the user: a condition more or, where policies are compared, the targets of all.
   */
  conditions(policies: ShippedPolicies, ownTargets?: readonly Target[]): readonly Condition[];
}
