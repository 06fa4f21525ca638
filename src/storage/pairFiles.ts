/** Judged pairs and figures of a judge as files. */

import { csvFormat, csvFormatRows } from "d3";
import { AXES } from "../domain/reward";
import type { RunHeader } from "../domain/run";
import type { JudgedPair, JudgedReply } from "../experiments/studies/judgePairs";
import type { JudgeSummary } from "../experiments/studies/summariseJudge";
import type { Estimate } from "../experiments/studies/summariseStudy";

/** The figures of a judge, one a line: axis, figure, value and, where there is one, its 95 % interval. */
export function judgeFiguresToCsv({ pairs, replies }: JudgeSummary): string {
  const lines = AXES.flatMap((axis) => {
    const { n, ece, agreementRank, calibration: _, ...shares } = pairs[axis];
    const figures: Readonly<Record<string, Estimate | number | null>> = {
      n,
      ...shares,
      agreementRank,
      ece,
      deviation: replies.deviation[axis],
      r_with_length: replies.length[axis],
    };
    return Object.entries(figures).flatMap(([figure, found]) => {
      if (found === null) return [];
      const { value, ci } = typeof found === "number" ? { value: found, ci: null } : found;
      return [{ axis, figure, value, low: ci?.[0] ?? "", high: ci?.[1] ?? "" }];
    });
  });
  return `${csvFormat(lines)}\n`;
}

const SIDES = ["chosen", "rejected"] as const;

/** The run's header, where there is one, then a pair a line: scores alone, the text is in the file at the line. */
export function pairsToJsonLines(pairs: readonly JudgedPair[], header?: RunHeader): string {
  return [...(header ? [header] : []), ...pairs].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** A head and one pair a line; RFC 4180 quoting. */
export function pairsToCsv(pairs: readonly JudgedPair[]): string {
  const columns: readonly (readonly [string, (reply: JudgedReply) => number | undefined])[] = [
    ...AXES.flatMap((axis) => [
      [`${axis}`, (reply: JudgedReply) => reply.percentile[axis]] as const,
      [`raw_${axis}`, (reply: JudgedReply) => reply.raw[axis]] as const,
      [`second_${axis}`, (reply: JudgedReply) => reply.second?.[axis]] as const,
    ]),
    ["characters", ({ length }) => length],
  ];
  const head = ["axis", "line", ...SIDES.flatMap((side) => columns.map(([name]) => `${side}_${name}`))];
  const lines = pairs.map((pair) => [
    pair.axis,
    pair.line,
    ...SIDES.flatMap((side) => columns.map(([, value]) => value(pair[side]) ?? "")),
  ]);
  return `${csvFormatRows([head, ...lines].map((cells) => cells.map(String)))}\n`;
}
