import type { Signal } from "@preact/signals";
import { scaleLinear } from "d3";
import { useMemo } from "preact/hooks";
import type { Axis } from "../../domain/reward";
import { leastSquares } from "../../domain/statistics/regression";
import { AXIS_LABELS } from "../components/Dial";
import { decimal } from "../format";
import { linePath } from "./linePath";
import { PointPlot } from "./PointPlot";
import { plotFrame } from "./plotFrame";
import { type PlottedRow, pointClass } from "./plottedRow";

interface ResidualPlotProps {
  readonly axis: Axis;
  readonly rows: readonly PlottedRow[];
  readonly active: Signal<string>;
}

const WIDTH = 320;
const HEIGHT = 200;
const Y_TICKS = [-1, -0.5, 0, 0.5, 1];

/** What the target does not explain, against the length of the completion: a slope says that length moves the reward. */
export function ResidualPlot({ axis, rows, active }: ResidualPlotProps) {
  const { frame, points, line } = useMemo(() => {
    const asked = rows.filter(({ row, other }) => !other && row.target[axis] !== undefined);
    const targets = asked.map(({ row }) => row.target[axis] as number);
    const actuals = asked.map(({ row }) => row.actual[axis]);
    const lengths = asked.map(({ row }) => row.tokens);
    const fit = leastSquares(targets, actuals) ?? { slope: 0, intercept: average(actuals) };
    const residuals = actuals.map(
      (actual, index) => actual - fit.intercept - fit.slope * (targets[index] as number),
    );
    const longest = Math.max(1, ...lengths);
    const lengthAxis = {
      range: [0, longest] as const,
      ticks: scaleLinear([0, longest], [0, 1]).ticks(5).filter(Number.isInteger),
    };
    return {
      frame: plotFrame(WIDTH, HEIGHT, lengthAxis, { range: [-1, 1], ticks: Y_TICKS }),
      line: leastSquares(lengths, residuals),
      points: asked
        .map((plotted, index) => ({
          id: plotted.id,
          x: lengths[index] as number,
          y: residuals[index] as number,
          class: pointClass(plotted, axis),
          text: `row ${plotted.row.row}, ${lengths[index]} tokens, ${decimal(residuals[index] as number)} above the line`,
        }))
        .sort((a, b) => a.x - b.x),
    };
  }, [rows, axis]);
  const [from, to] = frame.x.domain() as [number, number];
  return (
    <PointPlot
      label={`${AXIS_LABELS[axis]}: points of what the target does not explain against length`}
      frame={frame}
      xTitle="tokens"
      yTitle={`${axis}, actual − fitted`}
      points={points}
      active={active}
      over={line && <path class={`fit stroke-${axis}`} d={linePath(frame, line)} />}
    >
      <path class="diagonal" d={`M${frame.x(from)} ${frame.y(0)}H${frame.x(to)}`} />
    </PointPlot>
  );
}

const average = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
