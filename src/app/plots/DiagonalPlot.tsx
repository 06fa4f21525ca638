import { PointPlot, type PointPlotProps } from "./PointPlot";
import { UNIT_SQUARE } from "./plotFrame";

const { x, y } = UNIT_SQUARE;

/** Points between 0 and 1 on both axes, and the line on which both are equal. */
export function DiagonalPlot(props: Omit<PointPlotProps, "frame" | "children">) {
  return (
    <PointPlot {...props} frame={UNIT_SQUARE}>
      <path class="diagonal" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
    </PointPlot>
  );
}
