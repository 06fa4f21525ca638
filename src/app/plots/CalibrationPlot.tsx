import type { Axis } from "../../domain/reward";
import type { CalibrationBin } from "../../domain/statistics/calibration";
import { AXIS_LABELS } from "../components/Dial";
import { decimal } from "../format";
import { FrameLines, UNIT_SQUARE } from "./plotFrame";

const { width: side, x, y } = UNIT_SQUARE;
/** Radius of a bin that holds a tenth of the predictions. */
const TENTH = 4.5;

/** How often people agreed, against how sure the judge was. On the dashed line it is calibrated. */
export function CalibrationPlot({
  axis,
  bins,
  other = [],
}: {
  readonly axis: Axis;
  readonly bins: readonly CalibrationBin[];
  /** Of the run compared with. */
  readonly other?: readonly CalibrationBin[];
}) {
  const total = bins.reduce((sum, { n }) => sum + n, 0);
  const said = bins.map(
    ({ predicted, observed, n }) => `${decimal(predicted)} came true ${decimal(observed)}, n ${n}`,
  );
  return (
    <svg
      class="plot"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={`${AXIS_LABELS[axis]} calibration: ${said.join("; ")}`}
    >
      <FrameLines frame={UNIT_SQUARE} xTitle="probability by the judge" yTitle="share that people chose" />
      <path class="diagonal" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
      <path class={`fit dotted stroke-${axis}`} d={lineOf(other)} />
      <path class={`fit stroke-${axis}`} d={lineOf(bins)} />
      {bins.map(({ n, predicted, observed }) => (
        <circle
          key={predicted}
          class={`mark fill-${axis}`}
          cx={x(predicted)}
          cy={y(observed)}
          r={TENTH * Math.sqrt((10 * n) / total)}
        >
          <title>{`${decimal(predicted)} came true ${decimal(observed)}, n ${n}`}</title>
        </circle>
      ))}
    </svg>
  );
}

function lineOf(bins: readonly CalibrationBin[]): string {
  return bins
    .map(({ predicted, observed }, index) => `${index === 0 ? "M" : "L"}${x(predicted)} ${y(observed)}`)
    .join("");
}
