import { extent, line, scaleLinear } from "d3";
import type { LossCurve, LossPoint } from "../../domain/lossCurve";
import { decimal } from "../format";

const WIDTH = 480;
const HEIGHT = 220;
const MARGIN = { top: 12, right: 14, bottom: 36, left: 44 };
const TICKS = 4;

/** Loss by step: a line for the training rows, dots for those held for validation. */
export function LossPlot({ curve: { train, validation } }: { readonly curve: LossCurve }) {
  const points = [...train, ...validation];
  const last = train.at(-1);
  const [low = 0, high = 1] = extent(points, ({ loss }) => loss);
  const steps = Math.max(1, ...points.map(({ step }) => step));
  const x = scaleLinear([0, steps], [MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear([Math.min(low, high - 1e-6), high], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(TICKS);
  const path = line<LossPoint>(
    ({ step }) => x(step),
    ({ loss }) => y(loss),
  );
  const label = last ? `Training loss ${decimal(last.loss)} at step ${last.step}` : "Loss by step";
  return (
    <svg class="plot loss" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {y.ticks(TICKS).map((tick) => (
        <g key={tick}>
          <path class="grid" d={`M${MARGIN.left} ${y(tick)}H${WIDTH - MARGIN.right}`} />
          <text class="tick" x={MARGIN.left - 7} y={y(tick)} dy="0.35em" text-anchor="end">
            {tick}
          </text>
        </g>
      ))}
      {x
        .ticks(TICKS)
        .filter(Number.isInteger)
        .map((tick) => (
          <text key={tick} class="tick" x={x(tick)} y={HEIGHT - MARGIN.bottom + 16} text-anchor="middle">
            {tick}
          </text>
        ))}
      <text class="axis-title" x={WIDTH / 2} y={HEIGHT - 4} text-anchor="middle">
        step
      </text>
      <path class="fit stroke-train" d={path(train) ?? ""} />
      {train.length === 1 && last && <circle class="fill-train" cx={x(last.step)} cy={y(last.loss)} r="3" />}
      {validation.map(({ step, loss }) => (
        <circle key={step} class="fill-harmless" cx={x(step)} cy={y(loss)} r="3.5" />
      ))}
    </svg>
  );
}
