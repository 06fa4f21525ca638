import type { Row } from "../../domain/row";

/** A row as plots open it: its run may be drawn over another one. */
export interface PlottedRow {
  readonly id: string;
  readonly row: Row;
  /** Of the run that is drawn under the first one, to compare with. */
  readonly other: boolean;
}

/** The rows of a run and, under them, of one to compare with. */
export function plottedRows(rows: readonly Row[], other: readonly Row[] = []): PlottedRow[] {
  return [
    ...other.map((row) => ({ id: idOf("other", row), row, other: true })),
    ...rows.map((row) => ({ id: idOf("", row), row, other: false })),
  ];
}

function idOf(run: string, { condition = "", row }: Row): string {
  return `${run}/${condition}/${row}`;
}

/** The class of a row's point: its colour, and hollow where it is of the other run. */
export function pointClass({ other }: PlottedRow, colour: string): string {
  return other ? `hollow stroke-${colour}` : `fill-${colour}`;
}

export const inkClass = (row: PlottedRow): string => pointClass(row, "ink");

/** What is said of a row's point before its rewards. */
export function pointName({ row, other }: PlottedRow): string {
  return `row ${row.row}${other ? ", run compared with" : ""}`;
}
