/** A list of targets as CSV. */

import { checkTarget, parseReward } from "./checkTarget";
import { DialError } from "./errors";
import { lineError } from "./jsonLines";
import { AXES, type Target } from "./reward";

/**
 * Lines `helpful,harmless`, each in [0, 1]; an empty cell leaves the axis out. A head of the two names may come first,
 * in either order. Blank lines are skipped.
 * @throws DialError "invalid-json-line" naming the line, "invalid-option" where there is no target.
 */
export function readTargets(text: string): Target[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ number: index + 1, cells: cellsOf(line) }));
  const filled = lines.filter(({ cells }) => cells.some((cell) => cell !== ""));
  const head = filled[0]?.cells.map((cell) => cell.toLowerCase());
  const named = head !== undefined && AXES.every((axis) => head.includes(axis));
  const columns = AXES.map((axis, index) => (named ? head.indexOf(axis) : index));
  const targets = filled.slice(named ? 1 : 0).map(({ number, cells }) => readLine(number, cells, columns));
  if (targets.length === 0) {
    throw new DialError("invalid-option", "no targets; expected a line with two numbers in [0, 1] for each");
  }
  return targets;
}

function readLine(number: number, cells: readonly string[], columns: readonly number[]): Target {
  if (cells.length < AXES.length) {
    throw lineError(number, `${cells.length} value; expected two numbers in [0, 1], helpful and harmless`);
  }
  try {
    return checkTarget(
      Object.fromEntries(
        AXES.flatMap((axis, index) => {
          const cell = cells[columns[index] as number] ?? "";
          return cell === "" ? [] : [[axis, parseReward(cell)]];
        }),
      ),
    );
  } catch (error) {
    throw error instanceof DialError ? lineError(number, error.message) : error;
  }
}

function cellsOf(line: string): string[] {
  return line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
