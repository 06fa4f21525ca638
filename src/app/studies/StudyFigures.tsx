import type { Axis } from "../../domain/reward";
import { type Measure, measured } from "../../experiments/studies/measures";
import { PUBLISHED, PUBLISHED_SOURCE } from "../../experiments/studies/published";
import type { Study } from "../../experiments/studies/study";
import type { ConditionSummary, StudySummary } from "../../experiments/studies/summariseStudy";
import { type IntervalGroup, type IntervalMark, IntervalPlot } from "../plots/IntervalPlot";
import { intervalRange } from "../plots/intervalRange";
import { type LadderLine, LadderPlot, type LadderPoint } from "../plots/LadderPlot";
import { axesShown } from "../runs/AxisFilter";
import { studies as settings } from "../settings";

interface StudyFiguresProps {
  readonly study: Study;
  readonly summary: StudySummary;
  readonly other: StudySummary | null;
}

/** What the study compares, condition under condition; the published figures beside ours. */
export function StudyFigures({ study, summary, other }: StudyFiguresProps) {
  const measureOf = (axis: Axis): Measure => `${axis} ${study.compares}`;
  const groups = summary.conditions.flatMap((condition) => {
    const marks = axesShown(settings.axis).flatMap((axis) =>
      marksOf(study, condition, other, axis, measureOf(axis)),
    );
    return marks.some(({ estimate }) => estimate !== null) ? [{ name: condition.name, marks }] : [];
  });
  const lines = study.at === undefined ? [] : ladderLines(study, summary, other);
  const recipes = [...new Set(summary.conditions.flatMap(({ series }) => series ?? []))];
  const places = new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)));
  const isMean = study.compares === "mean";
  if (groups.length === 0 && places.size < 2) return null;
  return (
    <figure class="study-figures">
      <figcaption class="small">
        <ul class="legend">
          {axesShown(settings.axis).map((axis) => (
            <li key={axis}>
              <span class={axis}>●</span> {axis}, ours{recipes[0] && `, ${recipes[0]}`}
            </li>
          ))}
          {recipes.slice(1).map((recipe) => (
            <li key={recipe}>■ dashed: ours, {recipe}</li>
          ))}
          {other && <li>○ the run compared with</li>}
          {PUBLISHED[study.name] && (
            <li>
              ◇{study.at && " dotted:"} {PUBLISHED_SOURCE}
            </li>
          )}
          <li class="soft">Bars: 95 % intervals.</li>
          <li class="soft">
            {isMean
              ? "Further right is more of the reward. Conditions whose bars overlap widely may not differ."
              : "1: rewards follow what was asked. 0: they do not. A bar that crosses 0 shows nothing yet."}
          </li>
        </ul>
      </figcaption>
      {places.size > 1 && (
        <LadderPlot label={`r against ${study.at}`} xTitle={study.at ?? ""} lines={lines} />
      )}
      {groups.length > 0 && (
        <IntervalPlot
          label={isMean ? "Mean rewards" : "Correlation of target and actual"}
          title={isMean ? "mean reward" : "r of target and actual"}
          range={isMean ? [0, 1] : intervalRange(groups.flatMap(estimatesOf), -0.4, 1)}
          groups={groups}
        />
      )}
    </figure>
  );
}

const estimatesOf = ({ marks }: IntervalGroup) => marks.map(({ estimate }) => estimate);

function marksOf(
  study: Study,
  condition: ConditionSummary,
  other: StudySummary | null,
  axis: Axis,
  measure: Measure,
): IntervalMark[] {
  const same = other?.conditions.find(({ name }) => name === condition.name);
  const published = PUBLISHED[study.name]?.find(
    (figure) => figure.condition === condition.name && figure.measure === measure,
  );
  return [
    { colour: axis, shape: "dot", label: axis, estimate: measured(condition, measure) },
    {
      colour: axis,
      shape: "hollow",
      label: `${axis}, run compared with`,
      estimate: same ? measured(same, measure) : null,
    },
    { colour: axis, shape: "diamond", label: `${axis}, ${PUBLISHED_SOURCE}`, estimate: published ?? null },
  ];
}

function ladderLines(study: Study, summary: StudySummary, other: StudySummary | null): LadderLine[] {
  return axesShown(settings.axis).flatMap((axis): LadderLine[] => {
    const measure: Measure = `${axis} r`;
    const published = (PUBLISHED[study.name] ?? []).flatMap((figure) =>
      figure.at !== null && figure.measure === measure ? [{ at: figure.at, estimate: figure }] : [],
    );
    return [
      { label: `${axis}, ${PUBLISHED_SOURCE}`, colour: axis, shape: "diamond" as const, points: published },
      ...curves(other, measure).map(({ series, points }) => {
        return {
          label: `${axis}, run compared with${series}`,
          colour: axis,
          shape: "hollow" as const,
          points,
        };
      }),
      ...curves(summary, measure).map(({ series, points }, index) => {
        const shape = index === 0 ? ("dot" as const) : ("square" as const);
        return { label: `${axis}${series}`, colour: axis, shape, points };
      }),
    ].filter(({ points }) => points.length > 0);
  });
}

/** The figures of each series of conditions over the study's axis. */
function curves(
  summary: StudySummary | null,
  measure: Measure,
): { readonly series: string; readonly points: readonly LadderPoint[] }[] {
  const conditions = summary?.conditions ?? [];
  return [...new Set(conditions.map(({ series }) => series))].map((series) => ({
    series: series === null ? "" : `, ${series}`,
    points: conditions.flatMap((condition) => {
      const estimate = measured(condition, measure);
      return condition.at === null || condition.series !== series || estimate === null
        ? []
        : [{ at: condition.at, estimate }];
    }),
  }));
}
