import type { Row } from "../../domain/row";

/** Value of the setting that takes the second judge's rewards in place of the judge's. */
export const SECOND = "second";

/** Whether all rows have rewards by the second judge. */
export function hasSecond(rows: readonly Row[]): boolean {
  return rows.length > 0 && rows.every(({ heldout }) => heldout !== undefined);
}

/** The rows with the rewards of the judge that is picked; as they are where they have none by the second one. */
export function byJudge(rows: readonly Row[], judge: string): readonly Row[] {
  if (judge !== SECOND || !hasSecond(rows)) return rows;
  return rows.map(({ heldout, actual, ...row }) => ({ ...row, actual: heldout ?? actual }));
}
