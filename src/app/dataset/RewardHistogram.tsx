import { max, scaleLinear } from "d3";
import type { RewardBin } from "../../domain/dataset/rewardBins";
import type { Axis } from "../../domain/reward";
import { AXIS_LABELS } from "../components/Dial";
import { count, decimal } from "../format";

const WIDTH = 320;
const HEIGHT = 166;
const FRAME = { top: 8, right: 12, bottom: 40, left: 50 };
const TICKS = 5;

interface RewardHistogramProps {
  readonly axis: Axis;
  readonly bins: readonly RewardBin[];
  /** What the bins count. */
  readonly counted?: string;
}

/** How many completions have which reward. */
export function RewardHistogram({ axis, bins, counted = "completions" }: RewardHistogramProps) {
  const first = bins[0];
  const last = bins.at(-1);
  if (!first || !last) return null;
  const highest = max(bins, ({ n }) => n) ?? 0;
  const x = scaleLinear([first.from, last.to], [FRAME.left, WIDTH - FRAME.right]);
  const y = scaleLinear([0, highest], [HEIGHT - FRAME.bottom, FRAME.top]).nice(3);
  const fullest = bins.find(({ n }) => n === highest) ?? first;
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${AXIS_LABELS[axis]} rewards from ${decimal(first.from)} to ${decimal(last.to)}; most, ${highest}, between ${decimal(fullest.from)} and ${decimal(fullest.to)}`}
    >
      {y.ticks(3).map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${FRAME.left} ${y(tick)}H${WIDTH - FRAME.right}`} />
          <text class="tick" x={FRAME.left - 6} y={y(tick) + 4} text-anchor="end">
            {count(tick)}
          </text>
        </g>
      ))}
      {bins.map(({ from, to, n }) => (
        <rect
          key={from}
          class={`fill-${axis}`}
          x={x(from) + 0.5}
          y={y(n)}
          width={Math.max(0.5, x(to) - x(from) - 1)}
          height={y(0) - y(n)}
        />
      ))}
      {x.ticks(TICKS).map((tick) => (
        <text key={tick} class="tick" x={x(tick)} y={HEIGHT - 24} text-anchor="middle">
          {x.tickFormat(TICKS)(tick)}
        </text>
      ))}
      <text class="axis-title" x={(FRAME.left + WIDTH - FRAME.right) / 2} y={HEIGHT - 5} text-anchor="middle">
        {axis} reward
      </text>
      <text
        class="axis-title"
        x={-(FRAME.top + HEIGHT - FRAME.bottom) / 2}
        y={11}
        text-anchor="middle"
        transform="rotate(-90)"
      >
        {counted}
      </text>
    </svg>
  );
}
