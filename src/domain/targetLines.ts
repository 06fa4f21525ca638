/** A list of targets as CSV. */

import { checkTarget, parseReward } from "./checkTarget";
import { DialError } from "./errors";
import { type BadLine, lineError, readLines } from "./jsonLines";
import { plainCells } from "./plainCells";
import { AXES, type Target } from "./reward";

export interface TargetLine {
  readonly line: number;
  readonly target: Target;
}

/** Where each cell stands, by axis, and how many cells a line has. */
interface Columns {
  readonly places: readonly number[];
  readonly count: number;
}

const PLAIN: Columns = { places: AXES.map((_, index) => index), count: AXES.length };

/**
 * Lines `helpful,harmless`, each in [0, 1]; an empty cell leaves the axis out. A head of the two names may come first, in
 * either order and with other columns. Blank lines are skipped.
 */
export async function* tryTargets(chunks: AsyncIterable<string>): AsyncGenerator<TargetLine | BadLine, void> {
  let columns: Columns | undefined;
  let separator: string | undefined;
  let line = 0;
  for await (const text of readLines(chunks)) {
    line++;
    if (text.trim() === "") continue;
    separator ??= separatorOf(text);
    const cells = plainCells(text, separator);
    if (cells.every((cell) => cell === "")) continue;
    if (columns === undefined) {
      const named = headOf(cells);
      columns = named ?? PLAIN;
      if (named) continue;
    }
    yield tryLine(line, cells, columns);
  }
}

export interface TargetList {
  readonly targets: readonly Target[];
  /** How many lines are no targets, and the first few of them. */
  readonly bad: number;
  readonly firstBad: readonly BadLine[];
}

const SHOWN = 5;

/**
 * The first targets of a CSV, and what is wrong with its lines.
 * @param most targets to keep; all of them unless told.
 */
export async function readTargets(
  chunks: AsyncIterable<string>,
  most = Number.POSITIVE_INFINITY,
): Promise<TargetList> {
  const targets: Target[] = [];
  const firstBad: BadLine[] = [];
  let bad = 0;
  for await (const read of tryTargets(chunks)) {
    if (!("problem" in read)) {
      if (targets.length < most) targets.push(read.target);
    } else if (bad++ < SHOWN) firstBad.push(read);
  }
  return { targets, bad, firstBad };
}

/**
 * The targets of a list that a run may ask for.
 * @throws DialError "invalid-json-line" naming the first line that is no target, unless such lines are left out,
 *   "invalid-option" where there is no target.
 */
export function takeTargets(
  { targets, firstBad: [first] }: TargetList,
  skipMalformed: boolean,
): readonly Target[] {
  if (first && !skipMalformed) throw lineError(first.line, first.problem);
  if (targets.length > 0) return targets;
  throw new DialError("invalid-option", "no targets; expected a line with two numbers in [0, 1] for each");
}

/** Where the first line names the axes; null where it does not. */
function headOf(cells: readonly string[]): Columns | null {
  const names = cells.map((cell) => cell.toLowerCase());
  const places = AXES.map((axis) => names.indexOf(axis));
  return places.includes(-1) ? null : { places, count: cells.length };
}

function tryLine(line: number, cells: readonly string[], { places, count }: Columns): TargetLine | BadLine {
  if (cells.length < count || cells.slice(count).some((cell) => cell !== "")) {
    const found = cells.length === 1 ? "1 value" : `${cells.length} values`;
    const expected =
      count === AXES.length ? "two numbers in [0, 1], helpful and harmless" : `${count}, as the head has`;
    return { line, problem: `${found}; expected ${expected}` };
  }
  try {
    const given = AXES.flatMap((axis, index) => {
      const cell = cells[places[index] as number] as string;
      return cell === "" ? [] : [[axis, parseReward(cell)]];
    });
    return { line, target: checkTarget(Object.fromEntries(given)) };
  } catch (error) {
    if (error instanceof DialError) return { line, problem: error.message };
    throw error;
  }
}

/** Of all lines, by the first: a comma beside a semicolon or a tab is a decimal comma, which no target may have. */
function separatorOf(line: string): string {
  return /[;\t]/.exec(line)?.[0] ?? ",";
}
