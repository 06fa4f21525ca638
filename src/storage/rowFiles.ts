/** Rows as files: JSON Lines as the command line writes them, and CSV for a spreadsheet. */

import { csvFormatRows } from "d3";
import { AXES } from "../domain/reward";
import { compareRows, type Row } from "../domain/row";
import { type RunHeader, runLine } from "../domain/run";

const byRow = (rows: readonly Row[]): Row[] => [...rows].sort(compareRows);

/** The run's header, where there is one, then a row a line in the order of the run. */
export function toJsonLines(rows: readonly Row[], header?: RunHeader): string {
  return [...(header ? [header] : []), ...byRow(rows)].map(runLine).join("");
}

/** A head and one row a line, in the order of the run; RFC 4180 quoting. */
export function toCsv(rows: readonly Row[]): string {
  const inStudy = rows.some(({ condition }) => condition !== undefined);
  const head = [
    ...(inStudy ? ["condition"] : []),
    "row",
    "seed",
    ...AXES.map((axis) => `target_${axis}`),
    ...AXES.map((axis) => `actual_${axis}`),
    ...AXES.map((axis) => `heldout_${axis}`),
    "tokens",
    "logprob",
    "prompt",
    "completion",
    "prompted",
  ];
  const lines = byRow(rows).map((row) => [
    ...(inStudy ? [row.condition ?? ""] : []),
    row.row,
    row.seed,
    ...AXES.map((axis) => row.target[axis] ?? ""),
    ...AXES.map((axis) => row.actual[axis]),
    ...AXES.map((axis) => row.heldout?.[axis] ?? ""),
    row.tokens,
    row.logprob ?? "",
    row.prompt,
    row.completion,
    row.prompted,
  ]);
  return `${csvFormatRows([head, ...lines].map((cells) => cells.map(String)))}\n`;
}
