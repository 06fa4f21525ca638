/** The frame of a plot: scales, grid, ticks and titles. */

import { type ScaleLinear, type ScaleLogarithmic, scaleLinear } from "d3";

export interface PlotFrame {
  /** Of the picture, in its own units. */
  readonly width: number;
  readonly height: number;
  readonly x: ScaleLinear<number, number> | ScaleLogarithmic<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

export const MARGIN = { top: 10, right: 12, bottom: 38, left: 50 };
const TICK_GAP = 7;
const LINE = 15;

interface Domain {
  readonly range: readonly [number, number];
  readonly ticks: readonly number[];
}

export function plotFrame(width: number, height: number, x: Domain, y: Domain): PlotFrame {
  return {
    width,
    height,
    x: scaleLinear(x.range, [MARGIN.left, width - MARGIN.right]),
    y: scaleLinear(y.range, [height - MARGIN.bottom, MARGIN.top]),
    xTicks: x.ticks,
    yTicks: y.ticks,
  };
}

/** A square whose two axes run from 0 to 1. */
export function unitSquare(side: number, ticks: readonly number[]): PlotFrame {
  const unit: Domain = { range: [0, 1], ticks };
  return plotFrame(side, side, unit, unit);
}

/** The one that most plots of rewards have. */
export const UNIT_SQUARE = unitSquare(320, [0, 0.25, 0.5, 0.75, 1]);

interface FrameLinesProps {
  readonly frame: PlotFrame;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Classes of the titles, such as an axis' name for its colour. */
  readonly xClass?: string;
  readonly yClass?: string;
}

/** Grid, ticks and titles. */
export function FrameLines({ frame, xTitle, yTitle, xClass = "", yClass = "" }: FrameLinesProps) {
  const { width, height, x, y, xTicks, yTicks } = frame;
  const [left, right] = [MARGIN.left, width - MARGIN.right];
  const [top, bottom] = [MARGIN.top, height - MARGIN.bottom];
  return (
    <>
      {xTicks.map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${x(tick)} ${bottom}V${top}`} />
          <text class="tick" x={x(tick)} y={bottom + LINE} text-anchor="middle">
            {text(tick)}
          </text>
        </g>
      ))}
      {yTicks.map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${left} ${y(tick)}H${right}`} />
          <text class="tick" x={left - TICK_GAP} y={y(tick)} dy="0.35em" text-anchor="end">
            {text(tick)}
          </text>
        </g>
      ))}
      <text class={`axis-title ${xClass}`} x={(left + right) / 2} y={height - 5} text-anchor="middle">
        {xTitle}
      </text>
      <text
        class={`axis-title ${yClass}`}
        x={-(top + bottom) / 2}
        y={11}
        text-anchor="middle"
        transform="rotate(-90)"
      >
        {yTitle}
      </text>
    </>
  );
}

/** 1500 is "1.5K". Not by Intl: to make its compact format keeps the page's thread for tens of milliseconds. */
function text(tick: number): string {
  const short = Math.abs(tick) < 1000 ? `${rounded(tick)}` : `${rounded(tick / 1000)}K`;
  return short.replace("-", "−");
}

const rounded = (value: number): number => Number(value.toFixed(2));
