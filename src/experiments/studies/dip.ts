/** Whether the dial turns back at the top of its range, as the published study's did. */

import { measured } from "./measures";
import { PUBLISHED, type PublishedFigure } from "./published";
import type { Estimate, StudySummary } from "./summariseStudy";

/** falls, rises: so says the 95 % interval. open: it holds 0, or there are too few rows for one. */
export type Turn = "falls" | "rises" | "open";

export interface Dip {
  readonly published: PublishedFigure;
  /** The same figure of ours: of the condition that asked the same, and of the study's first. */
  readonly ours: readonly {
    readonly condition: string;
    readonly estimate: Estimate;
    readonly turn: Turn;
  }[];
}

/** null where the original looked for no dip, or no row of ours tells. */
export function findDip({ study, conditions }: StudySummary): Dip | null {
  const published = PUBLISHED[study]?.find(({ measure }) => measure.endsWith(" top"));
  if (!published) return null;
  const ours = conditions.flatMap((condition, index) => {
    if (index > 0 && condition.name !== published.condition) return [];
    const estimate = measured(condition, published.measure);
    return estimate === null ? [] : [{ condition: condition.name, estimate, turn: turnOf(estimate) }];
  });
  return ours.length === 0 ? null : { published, ours };
}

function turnOf({ ci }: Estimate): Turn {
  if (ci !== null && ci[1] < 0) return "falls";
  return ci !== null && ci[0] > 0 ? "rises" : "open";
}
