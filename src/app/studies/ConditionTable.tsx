import type { Axis } from "../../domain/reward";
import type { Study } from "../../experiments/studies/study";
import { type ConditionSummary, OUTCOMES, type StudySummary } from "../../experiments/studies/summariseStudy";
import { FigureTable } from "../components/FigureTable";
import { estimateText, withInterval } from "../format";
import { axesShown } from "../runs/AxisFilter";
import { studies as settings } from "../settings";

type Column = readonly [title: string, text: (condition: ConditionSummary) => string];

/** Every figure of every condition, and the paired differences; those of one axis where the filter leaves one. */
export function ConditionTable({
  study,
  summary,
}: {
  readonly study: Study;
  readonly summary: StudySummary;
}) {
  const filled = summary.conditions.filter(({ n }) => n > 0);
  const axes = axesShown(settings.axis);
  const all = study.compares === "r" ? matchColumns(axes) : meanColumns(axes);
  const columns = all.filter(([, text]) => filled.some((condition) => text(condition) !== NONE));
  if (filled.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="conditions-title">
      <h2 id="conditions-title">Conditions</h2>
      <FigureTable
        label="Conditions"
        names="Condition"
        lines={filled}
        nameOf={({ name }) => name}
        columns={columns}
      />
      <p class="small soft">
        In brackets: 95 % intervals. Differences are means over pairs of rows with the same prompt and seed,
        against the condition named.
      </p>
    </section>
  );
}

/** A column of nothing else is left out. */
const NONE = withInterval(null, null);

const FROM: Column = ["compared with", ({ difference }) => difference?.from ?? NONE];

const matchColumns = (axes: readonly Axis[]): readonly Column[] => [
  ["n", ({ n }) => String(n)],
  ...axes.map((axis): Column => [`${axis} r`, ({ match }) => withInterval(match[axis].r, match[axis].ci)]),
  ...axes.map(
    (axis): Column => [`${axis} slope`, ({ match }) => withInterval(match[axis].slope, match[axis].slope_ci)],
  ),
  ["joint r", ({ joint }) => estimateText(joint.r)],
  ...axes.map((axis): Column => [`${axis}, above 0.8 less 0.6 to 0.8`, ({ top }) => estimateText(top[axis])]),
  ...axes.map(
    (axis): Column => [
      `${axis} r given length`,
      ({ match }) => withInterval(match[axis].r_given_length, null),
    ],
  ),
  ...axes.map(
    (axis): Column => [
      `${axis} r, shuffled`,
      ({ match }) => withInterval(match.shuffled[axis].r, match.shuffled[axis].ci),
    ],
  ),
  ...axes.map(
    (axis): Column => [`${axis} r, held-out judge`, ({ match }) => withInterval(match[axis].heldout_r, null)],
  ),
  ["r of both actuals", ({ match }) => withInterval(match.actual_correlation, null)],
  ["mean miss", ({ error }) => estimateText(error)],
  ["miss, difference", ({ difference }) => estimateText(difference?.error)],
  FROM,
];

function meanColumns(axes: readonly Axis[]): readonly Column[] {
  const outcomes = OUTCOMES.filter((outcome) => outcome === "joint" || axes.includes(outcome));
  return [
    ["n", ({ n }) => String(n)],
    ...outcomes.map((outcome): Column => [`${outcome} mean`, ({ means }) => estimateText(means[outcome])]),
    ...outcomes.map(
      (outcome): Column => [
        `${outcome}, difference`,
        ({ difference }) => estimateText(difference?.[outcome]),
      ],
    ),
    FROM,
  ];
}
