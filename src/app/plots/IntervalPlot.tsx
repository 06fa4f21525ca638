import { scaleLinear } from "d3";
import type { Estimate } from "../../experiments/studies/summariseStudy";
import { estimateText } from "../format";
import { MarkPoint, type MarkShape } from "./MarkPoint";

export interface IntervalMark {
  /** Of the colour: an axis' name or "ink". */
  readonly colour: string;
  readonly shape: MarkShape;
  readonly label: string;
  readonly estimate: Estimate | null;
}

interface IntervalPlotProps {
  readonly label: string;
  /** What the scale is. */
  readonly title: string;
  readonly range: readonly [number, number];
  readonly groups: readonly IntervalGroup[];
}

export interface IntervalGroup {
  readonly name: string;
  /** A second line of the name. */
  readonly note?: string;
  readonly marks: readonly IntervalMark[];
}

const WIDTH = 400;
const SIDE = 12;
const NAME = 17;
const NOTE = 12;
const LANE = 13;
const GAP = 7;
const FOOT = 34;

/** Figures with their 95 % intervals as bars, group under group on one scale. */
export function IntervalPlot({ label, title, range, groups }: IntervalPlotProps) {
  // Of few rows, an interval reaches beyond all rewards.
  const x = scaleLinear(range, [SIDE, WIDTH - SIDE]).clamp(true);
  let y = 4;
  const placed = groups.map((group) => {
    const top = y;
    const marks = group.marks.filter(({ estimate }) => estimate !== null);
    const head = NAME + (group.note === undefined ? 0 : NOTE);
    y += head + Math.max(1, marks.length) * LANE + GAP;
    return { ...group, marks, top, head };
  });
  const bottom = y;
  const said = placed.map(
    ({ name, note = "", marks }) =>
      `${name} ${note}: ${marks.map(({ label, estimate }) => `${label} ${estimateText(estimate)}`).join(", ") || "no figure"}`,
  );
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${WIDTH} ${bottom + FOOT}`}
      role="img"
      aria-label={`${label}. ${said.join(". ")}`}
    >
      {x.ticks(5).map((tick) => (
        <g key={tick}>
          <path class={tick === 0 ? "grid zero" : "grid"} d={`M${x(tick)} 0V${bottom}`} />
          <text class="tick" x={x(tick)} y={bottom + 14} text-anchor="middle">
            {String(tick).replace("-", "−")}
          </text>
        </g>
      ))}
      <text class="axis-title" x={WIDTH / 2} y={bottom + 29} text-anchor="middle">
        {title}
      </text>
      {placed.map(({ name, note, marks, top, head }) => (
        <g key={name}>
          <text class="group-name" x={SIDE} y={top + 11}>
            {name}
          </text>
          {note !== undefined && (
            <text class="tick group-note" x={SIDE} y={top + 11 + NOTE}>
              {note}
            </text>
          )}
          {marks.map((mark, index) => (
            <Mark key={mark.label} mark={mark} x={x} y={top + head + index * LANE + LANE / 2} />
          ))}
        </g>
      ))}
    </svg>
  );
}

interface MarkProps {
  readonly mark: IntervalMark;
  readonly x: (value: number) => number;
  readonly y: number;
}

function Mark({ mark: { colour, shape, label, estimate }, x, y }: MarkProps) {
  if (!estimate) return null;
  const { value, ci } = estimate;
  return (
    <g>
      <title>{`${label}: ${estimateText(estimate)}`}</title>
      {ci && <path class={`whisker stroke-${colour}`} d={`M${x(ci[0])} ${y}H${x(ci[1])}`} />}
      <MarkPoint shape={shape} colour={colour} x={x(value)} y={y} />
    </g>
  );
}
