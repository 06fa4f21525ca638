/** The parts that conditions are made of. */

import { AXES, type Target } from "../../domain/reward";
import type { PromptFormat } from "../../domain/rewardPrompt";
import type { TargetSamplerName } from "../../domain/targets";
import type { Condition, ShippedAdapter, ShippedPolicies, Study, TargetRule } from "./study";

/** Candidates of a best-of-n condition, and the weight of a guided one. */
export const BEST_OF = 4;
export const GUIDANCE = 2;

export const drawn = (sampler: TargetSamplerName): TargetRule => ({ kind: "sampler", sampler });
export const fixed = (target: Target): TargetRule => ({ kind: "fixed", target });
export const NULL_REWARD: TargetRule = { kind: "null" };

/** A condition of the usual kind: one sample, no guidance, both axes. */
export function condition(
  name: string,
  policy: string | null,
  targets: TargetRule,
  changes: Partial<Condition> = {},
): Condition {
  return {
    name,
    policy,
    needs: "",
    targets,
    axes: AXES,
    shuffled: false,
    bestOf: 1,
    guidance: 1,
    at: null,
    ...changes,
  };
}

/** The study's conditions; one that whoever answers cannot do has no policy, and says what it needs. */
export function conditionsOf(
  study: Study,
  policies: ShippedPolicies,
  ownTargets?: readonly Target[],
): readonly Condition[] {
  return study.conditions(policies, ownTargets).map((wanted) => {
    const impossible = policies.unguided && wanted.policy === policies.main && wanted.guidance !== 1;
    return impossible ? { ...wanted, policy: null, needs: "guidance, which an endpoint has not" } : wanted;
  });
}

/** Names of adapters that a study compares with each other: `round-0`, `size-2000`, `epochs-4`. */
const LADDER = /^(round|size|epochs)-(\d+)$/;
export type Ladder = "round" | "size" | "epochs";

export interface Rung {
  readonly adapter: ShippedAdapter;
  readonly at: number;
}

/** The adapters of a ladder, lowest first. */
export function rungs({ adapters }: ShippedPolicies, ladder: Ladder): Rung[] {
  return adapters
    .flatMap((adapter) => {
      const found = LADDER.exec(adapter.name);
      return found?.[1] === ladder ? [{ adapter, at: Number(found[2]) }] : [];
    })
    .sort((a, b) => a.at - b.at);
}

/** The adapter that was trained with a format on both axes; the default one where it fits. */
export function adapterOfFormat(policies: ShippedPolicies, format: PromptFormat): string | null {
  const fits = policies.adapters.filter(
    (adapter) =>
      adapter.format === format && adapter.axes.length === AXES.length && !LADDER.test(adapter.name),
  );
  return (fits.find(({ name }) => name === policies.main) ?? fits[0])?.name ?? null;
}

/** The adapter that was trained on one axis alone. */
export function adapterOfAxis({ adapters }: ShippedPolicies, axis: string): string | null {
  return adapters.find(({ axes }) => axes.length === 1 && axes[0] === axis)?.name ?? null;
}

/** The adapter that was trained on chosen replies with no reward at all. */
export function cloningAdapter({ adapters }: ShippedPolicies): string | null {
  return adapters.find(({ axes }) => axes.length === 0)?.name ?? null;
}
