/** The frame of a plot whose two axes run from 0 to 1. */

import { type ScaleLinear, scaleLinear } from "d3";

export interface UnitSquare {
  /** Width and height of the picture, in its own units. */
  readonly side: number;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly ticks: readonly number[];
}

const MARGIN = { top: 10, right: 12, bottom: 38, left: 42 };
const TICK_GAP = 7;
const LINE = 15;

export function unitSquare(side: number, ticks: readonly number[]): UnitSquare {
  return {
    side,
    ticks,
    x: scaleLinear([0, 1], [MARGIN.left, side - MARGIN.right]),
    y: scaleLinear([0, 1], [side - MARGIN.bottom, MARGIN.top]),
  };
}

interface UnitFrameProps {
  readonly square: UnitSquare;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Classes of the titles, such as an axis' name for its colour. */
  readonly xClass?: string;
  readonly yClass?: string;
}

/** Grid, ticks and titles. */
export function UnitFrame({ square, xTitle, yTitle, xClass = "", yClass = "" }: UnitFrameProps) {
  const { side, x, y, ticks } = square;
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${x(tick)} ${y(0)}V${y(1)}M${x(0)} ${y(tick)}H${x(1)}`} />
          <text class="tick" x={x(tick)} y={y(0) + LINE} text-anchor="middle">
            {tick}
          </text>
          <text class="tick" x={x(0) - TICK_GAP} y={y(tick)} dy="0.35em" text-anchor="end">
            {tick}
          </text>
        </g>
      ))}
      <text class={`axis-title ${xClass}`} x={x(0.5)} y={side - 5} text-anchor="middle">
        {xTitle}
      </text>
      <text class={`axis-title ${yClass}`} x={-y(0.5)} y={11} text-anchor="middle" transform="rotate(-90)">
        {yTitle}
      </text>
    </>
  );
}
