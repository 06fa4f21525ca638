import { scaleLinear, scaleLog } from "d3";
import type { Estimate } from "../../experiments/studies/summariseStudy";
import { withInterval } from "../format";
import { FrameLines, MARGIN, type PlotFrame } from "./plotFrame";

export interface LadderPoint {
  readonly at: number;
  readonly estimate: Estimate;
}

export interface LadderLine {
  readonly label: string;
  /** Of the colour: an axis' name. */
  readonly colour: string;
  /** The published study's, not ours. */
  readonly published: boolean;
  readonly points: readonly LadderPoint[];
}

interface LadderPlotProps {
  readonly label: string;
  readonly xTitle: string;
  readonly lines: readonly LadderLine[];
}

const WIDTH = 400;
const HEIGHT = 260;
const DECADES = 10;
/** Of a tick's name, in units of the picture. */
const NAME_WIDTH = 36;
const Y_TICKS = [-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1];

/** r against what was varied, each with its interval; a log scale where it spans a factor of ten. */
export function LadderPlot({ label, xTitle, lines }: LadderPlotProps) {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const frame = frameOf(places);
  const { x, y } = frame;
  const said = lines.map(
    (line) =>
      `${line.label}: ${line.points.map(({ at, estimate }) => `${at} ${withInterval(estimate.value, estimate.ci)}`).join(", ")}`,
  );
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${label}. ${said.join(". ")}`}
    >
      <FrameLines
        frame={frame}
        xTitle={isLog(places) ? `${xTitle}, log scale` : xTitle}
        yTitle="r of target and actual"
      />
      {lines.map(({ label: name, colour, published, points }) => (
        <g key={name}>
          <path
            class={`fit stroke-${colour} ${published ? "dotted" : ""}`}
            d={points
              .map(({ at, estimate }, index) => `${index === 0 ? "M" : "L"}${x(at)} ${y(estimate.value)}`)
              .join("")}
          />
          {points.map(({ at, estimate }) => (
            <g key={at}>
              <title>{`${name}, ${at}: ${withInterval(estimate.value, estimate.ci)}`}</title>
              {estimate.ci && (
                <path
                  class={`whisker stroke-${colour}`}
                  d={`M${x(at)} ${y(estimate.ci[0])}V${y(estimate.ci[1])}`}
                />
              )}
              <circle
                class={published ? `mark hollow stroke-${colour}` : `mark fill-${colour}`}
                cx={x(at)}
                cy={y(estimate.value)}
                r="4"
              />
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
}

/** Whether places, lowest first, span a factor of ten. */
function isLog(places: readonly number[]): boolean {
  const [low = 0, high = 0] = [places[0], places.at(-1)];
  return low > 0 && high / low >= DECADES;
}

/** @param places lowest first, at least one. */
function frameOf(places: readonly number[]): PlotFrame {
  const [low = 0, high = 0] = [places[0], places.at(-1)];
  const pixels = [MARGIN.left + 14, WIDTH - MARGIN.right - 14] as const;
  const x = isLog(places)
    ? scaleLog([low, high], pixels)
    : scaleLinear(low === high ? [low - 1, high + 1] : [low, high], pixels);
  return {
    width: WIDTH,
    height: HEIGHT,
    x,
    y: scaleLinear([-0.2, 1], [HEIGHT - MARGIN.bottom, MARGIN.top]).clamp(true),
    xTicks: apart(places, x),
    yTicks: Y_TICKS,
  };
}

/** Those of the places whose names do not run into each other; the highest is always named. */
function apart(places: readonly number[], x: (place: number) => number): number[] {
  const named: number[] = [];
  for (const place of places.toReversed()) {
    const next = named[0];
    if (next === undefined || x(next) - x(place) >= NAME_WIDTH) named.unshift(place);
  }
  return named;
}
