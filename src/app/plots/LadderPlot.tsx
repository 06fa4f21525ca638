import { scaleLinear, scaleLog } from "d3";
import type { Estimate } from "../../experiments/studies/summariseStudy";
import { estimateText } from "../format";
import { intervalRange } from "./intervalRange";
import { MarkPoint, type MarkShape } from "./MarkPoint";
import { FrameLines, MARGIN, type PlotFrame } from "./plotFrame";

export interface LadderPoint {
  readonly at: number;
  readonly estimate: Estimate;
}

export interface LadderLine {
  readonly label: string;
  /** Of the colour: an axis' name. */
  readonly colour: string;
  /** Of the points, as in IntervalPlot; square: ours, by a second recipe. */
  readonly shape: MarkShape;
  readonly points: readonly LadderPoint[];
}

interface LadderPlotProps {
  readonly label: string;
  readonly xTitle: string;
  readonly lines: readonly LadderLine[];
}

const LINES: Readonly<Record<MarkShape, string>> = {
  dot: "",
  square: "dashed",
  hollow: "thin",
  diamond: "dotted",
};

const WIDTH = 400;
const HEIGHT = 260;
/** The largest over the smallest place from which on a log scale shows them better. */
const SPAN = 4;
/** Of a tick's name, in units of the picture. */
const NAME_WIDTH = 36;
/** Between the lines' points at one place. */
const APART = 2.5;

/** r against what was varied, each with its interval; on a log scale where that spans a large factor. */
export function LadderPlot({ label, xTitle, lines }: LadderPlotProps) {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const frame = frameOf(
    places,
    lines.flatMap(({ points }) => points.map(({ estimate }) => estimate)),
  );
  const { x, y } = frame;
  const said = lines.map(
    (line) =>
      `${line.label}: ${line.points.map(({ at, estimate }) => `${at} ${estimateText(estimate)}`).join(", ")}`,
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
      {lines.map(({ label: name, colour, shape, points }, index) => (
        // Side by side, so that intervals at one place do not hide each other.
        <g key={name} transform={`translate(${(index - (lines.length - 1) / 2) * APART} 0)`}>
          <path
            class={`fit stroke-${colour} ${LINES[shape]}`}
            d={points
              .map(({ at, estimate }, index) => `${index === 0 ? "M" : "L"}${x(at)} ${y(estimate.value)}`)
              .join("")}
          />
          {points.map(({ at, estimate }) => (
            <g key={at}>
              <title>{`${name}, ${at}: ${estimateText(estimate)}`}</title>
              {estimate.ci && (
                <path
                  class={`whisker stroke-${colour}`}
                  d={`M${x(at)} ${y(estimate.ci[0])}V${y(estimate.ci[1])}`}
                />
              )}
              <MarkPoint shape={shape} colour={colour} x={x(at)} y={y(estimate.value)} />
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
}

/** Whether the scale is one, for places with the lowest first. */
function isLog(places: readonly number[]): boolean {
  const [low = 0, high = 0] = [places[0], places.at(-1)];
  return low > 0 && high / low >= SPAN;
}

/** @param places lowest first, at least one. */
function frameOf(places: readonly number[], estimates: readonly Estimate[]): PlotFrame {
  const [low = 0, high = 0] = [places[0], places.at(-1)];
  const pixels = [MARGIN.left + 14, WIDTH - MARGIN.right - 14] as const;
  const x = isLog(places)
    ? scaleLog([low, high], pixels)
    : scaleLinear(low === high ? [low - 1, high + 1] : [low, high], pixels);
  const y = scaleLinear(intervalRange(estimates, -0.2, 1), [HEIGHT - MARGIN.bottom, MARGIN.top]);
  return { width: WIDTH, height: HEIGHT, x, y, xTicks: apart(places, x), yTicks: y.ticks(6) };
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
