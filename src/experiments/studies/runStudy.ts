/** Runs the conditions of a study, policy after policy; each is a match. */

import type { Dialogue } from "../../domain/dialogue";
import type { Reference } from "../../domain/reference";
import type { Target } from "../../domain/reward";
import type { Row } from "../../domain/row";
import type { Policy, SamplingParameters } from "../../runtimes/policy";
import type { RewardModel } from "../../runtimes/rewardModel";
import { match } from "../match";
import { pastFilters } from "../pastFilters";
import { runnable } from "./definitions";
import type { ShippedPolicies, Study } from "./study";
import { type StudySummary, summariseStudy } from "./summariseStudy";
import { targetsOf } from "./targetsOf";

export interface StudyOptions {
  readonly study: Study;
  readonly policies: ShippedPolicies;
  /** At least one, in the order in which rows take them; the same for all conditions. */
  readonly prompts: readonly Dialogue[];
  /** Targets of the user's own, for a condition of their own. */
  readonly ownTargets?: readonly Target[];
  /** Rows of each condition, >= 1. */
  readonly n: number;
  /** uint32; the same for all conditions, which makes their rows pairs. */
  readonly seed: number;
  /** Guidance is the condition's. */
  readonly sampling: SamplingParameters;
  /** Rows of an earlier part of the same run, in any order. */
  readonly done?: readonly Row[];
  readonly signal?: AbortSignal;
}

export interface StudyModels {
  /** The policy of that name. One that was given before may be closed when another is asked for. */
  policy(name: string): Promise<Policy>;
  readonly judge: RewardModel & { readonly reference: Reference };
  readonly heldout?: RewardModel | undefined;
}

export interface StudyProgress {
  readonly kind: "progress";
  /** The condition that runs now. */
  readonly condition: string;
  /** Rows finished in all conditions, those done before included. */
  readonly rows: number;
  readonly of: number;
  /** Completions and tokens sampled since this call began. */
  readonly completions: number;
  readonly tokens: number;
}

export type StudyEvent = { readonly kind: "row"; readonly row: Row } | StudyProgress;

/** Conditions of one policy one after another, so that each policy is opened once. */
function byPolicy<One extends { readonly policy: string }>(conditions: readonly One[]): One[] {
  const order = conditions.map(({ policy }) => policy);
  return conditions.toSorted((a, b) => order.indexOf(a.policy) - order.indexOf(b.policy));
}

/**
 * Yields each row as it finishes, with its condition's name; returns the summary. Conditions whose policy is not
 * shipped are left out, and the summary says so. A run that was stopped at any row and is taken up with `done` ends
 * with the rows that it would have had at once.
 * @throws what `match` throws, "answer-filtered" after all conditions; and what opening a policy throws.
 */
export async function* runStudy(
  options: StudyOptions,
  models: StudyModels,
): AsyncGenerator<StudyEvent, StudySummary> {
  const { study, policies, n, seed, signal, ownTargets, done = [] } = options;
  const conditions = byPolicy(runnable(study, policies, ownTargets));
  const rows: Row[] = [];
  const finished = new Map(
    conditions.map(({ name }) => [name, done.filter((row) => row.condition === name && row.row < n)]),
  );
  let made = [...finished.values()].reduce((sum, { length }) => sum + length, 0);
  let completions = 0;
  let tokens = 0;

  async function* runCondition(condition: (typeof conditions)[number]): AsyncGenerator<StudyEvent, void> {
    const before = finished.get(condition.name) ?? [];
    rows.push(...before);
    if (before.length === n) return;
    const progress = (): StudyProgress => {
      return {
        kind: "progress",
        condition: condition.name,
        rows: made,
        of: n * conditions.length,
        completions,
        tokens,
      };
    };
    yield progress();
    const run = match(
      {
        prompts: options.prompts,
        n,
        seed,
        bestOf: condition.bestOf,
        sampling: { ...options.sampling, guidance: condition.guidance },
        ...targetsOf(condition, models.judge.reference),
        done: before,
        ...(signal && { signal }),
      },
      await models.policy(condition.policy),
      models.judge,
      models.heldout,
    );
    const [completionsBefore, tokensBefore] = [completions, tokens];
    for await (const event of run) {
      if (event.kind === "row") {
        const { row: place, ...rest } = event.row;
        const row: Row = { row: place, condition: condition.name, ...rest };
        rows.push(row);
        made++;
        yield { kind: "row", row };
      } else {
        completions = completionsBefore + event.completions;
        tokens = tokensBefore + event.tokens;
        yield progress();
      }
    }
  }

  yield* pastFilters(conditions.map(runCondition));
  return summariseStudy(study, policies, rows, seed, ownTargets);
}
