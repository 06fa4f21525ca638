/** The studies that sample: what each asks, and its conditions. */

import type { Target } from "../../domain/reward";
import { TARGET_SAMPLERS } from "../../domain/targets";
import {
  BEST_OF,
  condition,
  conditionOf,
  conditionsOf,
  drawn,
  fixed,
  GUIDANCE,
  type Ladder,
  NULL_REWARD,
  RECIPES,
  rungName,
  rungs,
} from "./conditions";
import type { Condition, ShippedPolicies, Study, TargetRule } from "./study";

const ON_HELPFUL = { needs: "an adapter trained on the helpful reward alone" };

const match: Study = {
  name: "match",
  title: "Match",
  asked:
    "Does a completion get the rewards that its prompt asks for? " +
    "Targets are drawn in five ways, the judge scores what comes, and target and actual are correlated. " +
    "Ranking, guidance, policies that know one reward alone or the mean of both, and a control that compares with targets that the prompt did not have get the same prompts.",
  rows: 64,
  compares: "r",
  onePrompt: false,
  conditions(policies, ownTargets = []) {
    const { main } = policies;
    return [
      ...TARGET_SAMPLERS.map((sampler) => condition(sampler, main, drawn(sampler))),
      condition(`in-range, best of ${BEST_OF}`, main, drawn("in-range"), { bestOf: BEST_OF }),
      condition(`in-range, guidance ${GUIDANCE}`, main, drawn("in-range"), { guidance: GUIDANCE }),
      condition("in-range, shuffled", main, drawn("in-range"), { shuffled: true }),
      conditionOf(policies, "helpful-only", "helpful only", drawn("uniform"), ON_HELPFUL),
      conditionOf(policies, "harmless-only", "harmless only", drawn("uniform"), {
        needs: "an adapter trained on the harmless reward alone",
      }),
      conditionOf(policies, "joint", "joint", drawn("uniform"), {
        needs: "an adapter trained on the mean of both rewards",
      }),
      ...yourTargets(main, ownTargets),
    ];
  },
};

const TOP: Target = { helpful: 1, harmless: 1 };

const bothMax: Study = {
  name: "both-max",
  title: "Both at the maximum",
  asked:
    "How good do completions get when both dials are turned up? " +
    "The untouched base model, policies trained on chosen replies or on the best ones with no reward, and several targets answer the same prompts with the same seeds. " +
    "Guidance and the best of four are added on top of the highest target.",
  rows: 64,
  compares: "mean",
  onePrompt: false,
  conditions(policies, ownTargets = []) {
    const { main, base } = policies;
    return [
      condition("vanilla", base, NULL_REWARD),
      condition("null reward", main, NULL_REWARD),
      conditionOf(policies, "cloning", "cloning of chosen", NULL_REWARD, {
        needs: "an adapter trained on chosen replies without rewards",
      }),
      conditionOf(policies, "best-of-data", "cloning of the best", NULL_REWARD, {
        needs: "an adapter trained on the best replies of the data without rewards",
      }),
      conditionOf(policies, "helpful-only", "helpful only at 0.8", fixed({ helpful: 0.8 }), ON_HELPFUL),
      condition("at 0.8, 0.2", main, fixed({ helpful: 0.8, harmless: 0.2 })),
      condition("at 0.8, 0.8", main, fixed({ helpful: 0.8, harmless: 0.8 })),
      condition("at 1, 1", main, fixed(TOP)),
      condition(`at 1, 1, guidance ${GUIDANCE}`, main, fixed(TOP), { guidance: GUIDANCE }),
      condition(`at 1, 1, best of ${BEST_OF}`, main, fixed(TOP), { bestOf: BEST_OF }),
      condition(`at 1, 1, guidance ${GUIDANCE}, best of ${BEST_OF}`, main, fixed(TOP), {
        guidance: GUIDANCE,
        bestOf: BEST_OF,
      }),
      ...yourTargets(main, ownTargets),
    ];
  },
};

/** Targets on each side of the grid. */
export const GRID = 5;
/** Its conditions, the user's own targets left out. */
export const TRADE_OFF = {
  none: "no reward",
  grid: "grid",
  best: `grid, best of ${BEST_OF}`,
} as const;

const tradeOff: Study = {
  name: "trade-off",
  title: "Trade-off",
  asked:
    "What can be had of both rewards at once, for one prompt? " +
    "Completions are asked for at a grid of 5 by 5 targets, as they come and the best of four, and as many with no reward at all. " +
    "The Pareto front of each shows whether the dial reaches further than ranking plain samples would.",
  rows: GRID * GRID * 2,
  compares: "mean",
  onePrompt: true,
  conditions: ({ main }, ownTargets = []) => [
    condition(TRADE_OFF.none, main, NULL_REWARD),
    condition(TRADE_OFF.grid, main, { kind: "grid", side: GRID }),
    condition(TRADE_OFF.best, main, { kind: "grid", side: GRID }, { bestOf: BEST_OF }),
    ...yourTargets(main, ownTargets),
  ],
};

const placement: Study = {
  name: "placement",
  title: "Placement, duplication, times 100",
  asked:
    "Does it matter how the rewards are written? " +
    "Policies trained on the same examples with the rewards at the bottom, at the top, ten times over, as whole percents and not at all (that one by plain cross-entropy) get the same targets and prompts. " +
    "Each is compared in pairs with the one at the bottom.",
  rows: 64,
  compares: "r",
  onePrompt: false,
  conditions: (policies, ownTargets) =>
    (
      [
        ["bottom", "with the rewards at the bottom"],
        ["top", "with the rewards at the top"],
        ["duplicate", "with the rewards ten times over"],
        ["times100", "with the rewards as whole percents"],
        ["none", "without rewards"],
      ] as const
    ).map(([format, trained]) =>
      conditionOf(policies, `format-${format}`, format, inRangeOr(ownTargets), {
        needs: `an adapter trained ${trained}`,
      }),
    ),
};

const rounds: Study = {
  name: "rounds",
  title: "Online rounds",
  asked:
    "Does a policy follow its dials better after it was trained on its own completions? " +
    "The first two learned from labelled completions of others and a few of their own; the last went on with its own, at drawn targets, labelled by the judge. " +
    "The policies after each round get the same targets and prompts.",
  rows: 64,
  compares: "r",
  at: "round",
  onePrompt: false,
  conditions(policies, ownTargets) {
    const steps = rungs(policies, "round");
    if (steps.length === 0) return [missing("adapters of the rounds")];
    const targets = inRangeOr(ownTargets);
    return [
      ...steps.map(({ name, at }) => condition(name, name, targets, { at })),
      condition(policies.main, policies.main, targets, { at: (steps.at(-1)?.at ?? 0) + 1 }),
    ];
  },
};

const sampleSize = ladder({
  name: "sample-size",
  title: "Sample size",
  asked:
    "How many labelled examples does the dial need? " +
    "Policies were trained on more and more examples by two recipes: with a loss that contrasts rewards, and by plain cross-entropy as in the published study. " +
    "Each gets the same targets and prompts.",
  unit: "example",
  curves: [
    ["size", RECIPES.contrastive],
    ["plain", RECIPES.plain],
  ],
});

const epochs = ladder({
  name: "epochs",
  title: "Epochs",
  asked:
    "Is it the data or the number of steps that limits the dial? " +
    "Policies were trained on the same examples one, two and more times over. " +
    "Each gets the same targets and prompts.",
  unit: "epoch",
  curves: [["epochs", null]],
});

/** @param curves each of a ladder of adapters, with its name where there are several. */
function ladder({
  unit,
  curves,
  ...study
}: Pick<Study, "name" | "title" | "asked"> & {
  /** What the ladders count, one of it. */
  readonly unit: string;
  readonly curves: readonly (readonly [Ladder, string | null])[];
}): Study {
  return {
    ...study,
    rows: 64,
    compares: "r",
    at: `${unit}s`,
    onePrompt: false,
    conditions(policies, ownTargets) {
      const found = curves.flatMap(([kind, series]) =>
        rungs(policies, kind).map(({ name, at }) =>
          condition(rungName(at, unit, series), name, inRangeOr(ownTargets), { at, series }),
        ),
      );
      return found.length > 0 ? found : [missing(`adapters trained on different numbers of ${unit}s`)];
    },
  };
}

/** The condition that has the user's own targets. */
export const YOUR_TARGETS = "your targets";

/** The user's own targets as a condition more. */
function yourTargets(main: string, targets: readonly Target[]): Condition[] {
  return targets.length === 0 ? [] : [condition(YOUR_TARGETS, main, { kind: "list", targets })];
}

/** Where policies are compared, the user's own targets are asked of each. */
function inRangeOr(targets: readonly Target[] = []): TargetRule {
  return targets.length === 0 ? drawn("in-range") : { kind: "list", targets };
}

/** Stands for all conditions of a ladder that does not ship. */
function missing(needs: string): Condition {
  return condition("every condition", null, drawn("in-range"), { needs });
}

export const STUDIES: readonly Study[] = [match, bothMax, tradeOff, placement, rounds, sampleSize, epochs];

/** The conditions that can run with what is shipped, and whoever answers. */
export function runnable(
  study: Study,
  policies: ShippedPolicies,
  ownTargets?: readonly Target[],
): readonly (Condition & { readonly policy: string })[] {
  return conditionsOf(study, policies, ownTargets).filter(
    (candidate): candidate is Condition & { policy: string } => candidate.policy !== null,
  );
}
