import type { Signal } from "@preact/signals";
import type { Study } from "../../experiments/studies/study";
import type { ConditionSummary, StudySummary } from "../../experiments/studies/summariseStudy";
import { withInterval } from "../format";
import { reference } from "../models/reference";
import { JointPlane, planeX, planeY } from "../plots/JointPlane";
import { MatchPlots } from "../plots/MatchPlots";
import type { PlottedRow } from "../plots/plottedRow";
import { axesShown } from "../runs/AxisFilter";
import { studies as settings } from "../settings";
import { TradeOffPlane } from "./TradeOffPlane";

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

/** The mean of each condition over the rows of the chosen one. */
function MeansPlane({ summary, rows, active }: PlaneProps & Pick<StudyPlotsProps, "summary">) {
  const means = summary.conditions.flatMap(({ name, means: { helpful, harmless } }) =>
    helpful && harmless ? [{ name, helpful, harmless }] : [],
  );
  return (
    <div class="scatters">
      <figure>
        <figcaption class="small soft">
          Numbers: the mean of each condition, with its 95 % intervals. Points: the rows picked above. + asked
          for. Grey: where reference answers lie.
        </figcaption>
        <JointPlane
          rows={rows}
          active={active}
          reachable={reference.value?.joint ?? []}
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
