import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { paretoFront } from "../../domain/pareto";
import type { Row } from "../../domain/row";
import { GRID } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import type { ConditionSummary, StudySummary } from "../../experiments/studies/summariseStudy";
import { gridTargets } from "../../experiments/studies/targetsOf";
import { withInterval } from "../format";
import { reference } from "../models/reference";
import { JointPlane, planeX, planeY } from "../plots/JointPlane";
import { MatchPlots } from "../plots/MatchPlots";
import type { PlottedRow } from "../plots/plottedRow";
import { axesShown } from "../runs/AxisFilter";
import { studies as settings } from "../settings";

interface StudyPlotsProps {
  readonly study: Study;
  readonly summary: StudySummary;
  /** Of the chosen condition; of all in a study of one prompt. */
  readonly rows: readonly PlottedRow[];
  readonly active: Signal<string>;
  readonly chosen: ConditionSummary | undefined;
}

/** The rows behind the figures; any point opens its row. */
export function StudyPlots({ study, summary, rows, active, chosen }: StudyPlotsProps) {
  if (rows.length === 0) return null;
  if (study.compares === "r" && chosen) {
    return (
      <div class="scatters">
        <MatchPlots
          rows={rows}
          active={active}
          reachable={reference.value?.joint ?? []}
          axes={axesShown(settings.axis)}
          caption={(axis) => (
            <span class="small soft">
              r {withInterval(chosen.match[axis].r, chosen.match[axis].ci)}, n {chosen.match[axis].n}
            </span>
          )}
        />
      </div>
    );
  }
  return study.onePrompt ? (
    <TradeOffPlane rows={rows} active={active} />
  ) : (
    <MeansPlane summary={summary} rows={rows} active={active} />
  );
}

type PlaneProps = Pick<StudyPlotsProps, "rows" | "active">;

const CONDITION_CLASS: Readonly<Record<string, string>> = {
  "no reward": "hollow stroke-ink",
  grid: "fill-helpful",
  "your targets": "fill-harmless",
};
const classOfCondition = ({ row }: PlottedRow): string => CONDITION_CLASS[row.condition ?? ""] ?? "fill-ink";

/** Where completions of one prompt land, asked with and without rewards, and what none of them beats. */
function TradeOffPlane({ rows, active }: PlaneProps) {
  const ours = useMemo(() => rows.filter(({ other }) => !other), [rows]);
  const others = useMemo(() => rows.filter(({ other }) => other), [rows]);
  const hasOwn = ours.some(({ row }) => row.condition === "your targets");
  return (
    <div class="scatters">
      <figure>
        <figcaption class="small soft">
          <span class="helpful">● asked at the grid</span>
          {hasOwn && <span class="harmless"> ● at your targets</span>} ○ asked with no reward. + a target of
          the grid. Lines: the Pareto front of each, above which no completion is better on both.
          {others.length > 0 && " Blue and dotted: the front of the run compared with."}
        </figcaption>
        <JointPlane
          rows={ours}
          active={active}
          reachable={reference.value?.joint ?? []}
          classOf={classOfCondition}
          over={
            <>
              {gridTargets(GRID).map(({ helpful = 0, harmless = 0 }) => (
                <path
                  key={`${helpful} ${harmless}`}
                  class="grid-target"
                  d={`M${planeX(helpful) - 3} ${planeY(harmless)}h6m-3 -3v6`}
                />
              ))}
              <Front rows={others} condition="grid" name="stroke-helpful dotted" />
              <Front rows={ours} condition="no reward" name="stroke-ink dotted" />
              <Front rows={ours} condition="grid" name="stroke-helpful" />
            </>
          }
        />
      </figure>
    </div>
  );
}

interface FrontProps {
  readonly rows: readonly PlottedRow[];
  readonly condition: string;
  readonly name: string;
}

/** The edge of what the condition dominates, as a staircase. */
function Front({ rows, condition, name }: FrontProps) {
  const front = paretoFront(
    rows.filter(({ row }) => row.condition === condition).map(({ row }): Row => row),
    ({ actual }) => actual,
  );
  const steps = front.map(({ actual }, index) => {
    const [x, y] = [planeX(actual.helpful), planeY(actual.harmless)];
    return index === 0 ? `M${planeX(0)} ${y}H${x}` : `V${y}H${x}`;
  });
  // Down to each next, lower point before going right to it.
  return <path class={`fit ${name}`} d={steps.length > 0 ? `${steps.join("")}V${planeY(0)}` : ""} />;
}

/** The mean of each condition over the rows of the chosen one. */
function MeansPlane({ summary, rows, active }: PlaneProps & Pick<StudyPlotsProps, "summary">) {
  const means = summary.conditions.flatMap(({ name, means: { helpful, harmless } }) =>
    helpful && harmless ? [{ name, helpful, harmless }] : [],
  );
  return (
    <div class="scatters">
      <figure>
        <figcaption class="small soft">
          Numbers: the mean of each condition, with its 95 % intervals. Points: the rows picked above. Grey:
          where reference answers lie.
        </figcaption>
        <JointPlane
          rows={rows}
          active={active}
          reachable={reference.value?.joint ?? []}
          classOf={({ other }) => (other ? "hollow stroke-ink" : "fill-ink")}
          over={means.map(({ name, helpful, harmless }, index) => (
            <g key={name} class="mean-mark">
              <title>{`${name}: helpful ${withInterval(helpful.value, helpful.ci)}, harmless ${withInterval(harmless.value, harmless.ci)}`}</title>
              {helpful.ci && (
                <path d={`M${planeX(helpful.ci[0])} ${planeY(harmless.value)}H${planeX(helpful.ci[1])}`} />
              )}
              {harmless.ci && (
                <path d={`M${planeX(helpful.value)} ${planeY(harmless.ci[0])}V${planeY(harmless.ci[1])}`} />
              )}
              <circle cx={planeX(helpful.value)} cy={planeY(harmless.value)} r="7" />
              <text x={planeX(helpful.value)} y={planeY(harmless.value)} dy="0.35em" text-anchor="middle">
                {index + 1}
              </text>
            </g>
          ))}
        />
      </figure>
      <ol class="small means-key">
        {means.map(({ name }) => (
          <li key={name}>{name}</li>
        ))}
      </ol>
    </div>
  );
}
