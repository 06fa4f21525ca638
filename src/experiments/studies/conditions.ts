/** The parts that conditions are made of. */

import { AXES, type Target } from "../../domain/reward";
import type { PromptFormat } from "../../domain/rewardPrompt";
import type { TargetSamplerName } from "../../domain/targets";
import type { Condition, ShippedPolicies, Study, TargetRule } from "./study";

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
    series: null,
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

/**
 * Studies find adapters by their names, so that those are compared that were trained alike as far as can be:
 * `round-N`, `size-N`, `plain-N`, `epochs-N` differ in N alone, `format-F` in how their prompts give rewards; the others
 * are named after what they were trained on.
 */
export type AdapterName =
  | `format-${PromptFormat}`
  | "helpful-only"
  | "harmless-only"
  | "joint"
  | "cloning"
  | "best-of-data";

/** A condition of the adapter with that name; it says what it `needs` where none ships. */
export function conditionOf(
  { adapters }: ShippedPolicies,
  adapter: AdapterName,
  name: string,
  targets: TargetRule,
  changes: Partial<Condition> & Pick<Condition, "needs">,
): Condition {
  const found = adapters.find((candidate) => candidate.name === adapter);
  // One that knows no rewards is compared on both all the same: it shows what targets explain by chance.
  const axes = found && found.axes.length > 0 ? found.axes : AXES;
  return condition(name, found ? adapter : null, targets, { axes, ...changes });
}

/** round: by rounds of its own completions. size, plain: by examples; with the contrastive loss, without. */
export type Ladder = "round" | "size" | "plain" | "epochs";

export interface Rung {
  /** Of the adapter. */
  readonly name: string;
  readonly at: number;
}

/** The adapters of a ladder, lowest first. */
export function rungs({ adapters }: ShippedPolicies, ladder: Ladder): Rung[] {
  const names = new RegExp(`^${ladder}-(\\d+)$`);
  return adapters
    .flatMap(({ name }) => {
      const found = names.exec(name);
      return found ? [{ name, at: Number(found[1]) }] : [];
    })
    .sort((a, b) => a.at - b.at);
}

/** The curves of the sample-size study; the plain recipe is the published study's. */
export const RECIPES = { contrastive: "contrastive loss", plain: "plain cross-entropy" } as const;

/** Of a rung's condition: "500 examples, plain cross-entropy". */
export function rungName(at: number, unit: string, series: string | null): string {
  return `${at} ${unit}${at === 1 ? "" : "s"}${series === null ? "" : `, ${series}`}`;
}
