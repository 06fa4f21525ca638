import type { Axis } from "../../domain/reward";
import type { AxisMatch, MatchResult } from "../../experiments/summariseMatch";
import { AXIS_LABELS } from "../components/Dial";
import { FigureTable } from "../components/FigureTable";
import { decimal, withInterval } from "../format";
import { result, text, underResult } from "./shown";

interface Line {
  readonly axis: Axis;
  readonly name: string;
  readonly found: AxisMatch;
  readonly shuffled: MatchResult["shuffled"][Axis];
}

interface MatchFiguresProps {
  readonly axes: readonly Axis[];
}

/** Every figure of the summary, and of the run compared with. A dash where the rows do not determine it. */
export function MatchFigures({ axes }: MatchFiguresProps) {
  // Read, not followed: whoever holds it draws it anew, when it is its turn. A component that followed any signal would be
  // drawn anew for that one alone.
  const [found, other, said] = [result.peek(), underResult.peek(), text.peek()];
  if (found === null) return null;
  const lines = axes.flatMap((axis) => [
    ...lineOf(found, axis, AXIS_LABELS[axis]),
    ...lineOf(other, axis, `${AXIS_LABELS[axis]}, compared with`),
  ]);
  const { distinct_2, logprob_per_token } = said;
  const { actual_correlation: correlation, joint } = found;
  return (
    <>
      <FigureTable
        label="Figures"
        names="Axis"
        lines={lines}
        nameOf={({ name }) => name}
        classOf={({ axis }) => axis}
        columns={COLUMNS.filter(([, textOf]) => lines.some((line) => textOf(line) !== NONE))}
      />
      <ul class="line small soft">
        {joint.r !== null && <li>r of the mean of both rewards: {withInterval(joint.r, joint.ci)}</li>}
        {correlation !== null && <li>r of the two rewards that came: {decimal(correlation)}</li>}
        {distinct_2 !== null && (
          <li>different pairs of neighbouring words, of all (distinct-2): {decimal(distinct_2)}</li>
        )}
        {logprob_per_token !== null && (
          <li>mean log-probability of a token under the policy: {decimal(logprob_per_token)}</li>
        )}
      </ul>
    </>
  );
}

function lineOf(result: MatchResult | null, axis: Axis, name: string): Line[] {
  return result ? [{ axis, name, found: result[axis], shuffled: result.shuffled[axis] }] : [];
}

/** A column of nothing else is left out. */
const NONE = withInterval(null, null);

const COLUMNS: readonly (readonly [string, (line: Line) => string])[] = [
  ["n", ({ found }) => String(found.n)],
  ["r, 95 %", ({ found }) => withInterval(found.r, found.ci)],
  ["slope, 95 %", ({ found }) => withInterval(found.slope, found.slope_ci)],
  ["Spearman", ({ found }) => withInterval(found.spearman, null)],
  ["Spearman of tenths", ({ found }) => withInterval(found.bins_spearman, null)],
  ["r given length", ({ found }) => withInterval(found.r_given_length, null)],
  ["r by the second judge", ({ found }) => withInterval(found.heldout_r, null)],
  ["r, targets shuffled", ({ shuffled }) => withInterval(shuffled.r, shuffled.ci)],
];
