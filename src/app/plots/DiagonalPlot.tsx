import { PointPlot, type PointPlotProps } from "./PointPlot";
import { unitSquare } from "./plotFrame";

const SQUARE = unitSquare(320, [0, 0.25, 0.5, 0.75, 1]);
/** Places of rewards in such a plot. */
export const { x: unitX, y: unitY } = SQUARE;

/** Points between 0 and 1 on both axes, and the line on which both are equal. */
export function DiagonalPlot(props: Omit<PointPlotProps, "frame" | "children">) {
  return (
    <PointPlot {...props} frame={SQUARE}>
      <path class="diagonal" d={`M${unitX(0)} ${unitY(0)}L${unitX(1)} ${unitY(1)}`} />
    </PointPlot>
  );
}
