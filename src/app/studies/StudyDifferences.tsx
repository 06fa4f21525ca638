import type { Study } from "../../experiments/studies/study";
import type { ConditionSummary, Estimate, StudySummary } from "../../experiments/studies/summariseStudy";
import { type IntervalMark, IntervalPlot } from "../plots/IntervalPlot";
import { intervalRange } from "../plots/intervalRange";
import type { MarkShape } from "../plots/MarkPoint";
import { axesShown } from "../runs/AxisFilter";
import { studies as settings } from "../settings";

interface StudyDifferencesProps {
  readonly study: Study;
  readonly summary: StudySummary;
  readonly other: StudySummary | null;
}

/** Each condition less the one that it is compared with, over the rows that both have. */
export function StudyDifferences({ study, summary, other }: StudyDifferencesProps) {
  const groups = summary.conditions.flatMap((condition) => {
    if (!condition.difference) return [];
    const same = other?.conditions.find(({ name }) => name === condition.name);
    const marks = [
      ...marksOf(study, condition, "dot", ""),
      ...(same ? marksOf(study, same, "hollow", ", run compared with") : []),
    ];
    return marks.length === 0
      ? []
      : [{ name: condition.name, note: `less ${condition.difference.from}`, marks }];
  });
  if (groups.length === 0) return null;
  const isMean = study.compares === "mean";
  return (
    <figure class="study-figures">
      <figcaption class="small">
        <strong>Paired differences</strong>{" "}
        <span class="soft">
          Means over pairs of rows with the same prompt and seed, with 95 % intervals.{" "}
          {isMean
            ? "Right of 0 is more of the reward."
            : "Left of 0 is nearer to what was asked. A bar that crosses 0 shows no difference."}
        </span>
      </figcaption>
      <IntervalPlot
        label="Paired differences"
        title={isMean ? "mean reward, difference" : "distance from the target, difference"}
        range={rangeOf(groups.flatMap(({ marks }) => marks))}
        groups={groups}
      />
    </figure>
  );
}

function marksOf(
  study: Study,
  { difference }: ConditionSummary,
  shape: MarkShape,
  run: string,
): IntervalMark[] {
  if (!difference) return [];
  const found: [string, string, Estimate | null][] =
    study.compares === "r"
      ? [["ink", "distance", difference.error]]
      : axesShown(settings.axis).map((axis) => [axis, axis, difference[axis]]);
  return found.flatMap(([colour, label, estimate]) =>
    estimate === null ? [] : [{ colour, shape, label: `${label}${run}`, estimate }],
  );
}

/** As far as the widest interval on either side of 0. */
function rangeOf(marks: readonly IntervalMark[]): [number, number] {
  const estimates = marks.map(({ estimate }) => estimate);
  const widest = Math.min(1, Math.max(...intervalRange(estimates, -0.05, 0.05).map(Math.abs)));
  return [-widest, widest];
}
