import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Axis } from "../../domain/reward";
import { type JudgedPair, placeOf } from "../../experiments/studies/judgePairs";
import { AXIS_LABELS } from "../components/Dial";
import { decimal } from "../format";
import { PointPlot } from "./PointPlot";
import { unitSquare } from "./plotFrame";

interface PairPlotProps {
  readonly axis: Axis;
  /** Of this axis. */
  readonly pairs: readonly JudgedPair[];
  readonly active: Signal<string>;
}

const SQUARE = unitSquare(320, [0, 0.25, 0.5, 0.75, 1]);
const { x, y } = SQUARE;

/** Reward of the reply that people chose against that of the other: above the dashed line the judge agrees with them. */
export function PairPlot({ axis, pairs, active }: PairPlotProps) {
  const points = useMemo(
    () =>
      pairs
        .map((pair) => {
          const [chosen, rejected] = [pair.chosen.percentile[axis], pair.rejected.percentile[axis]];
          return {
            id: placeOf(pair),
            x: rejected,
            y: chosen,
            class: `fill-${axis}`,
            text: `line ${pair.line}, chosen ${decimal(chosen)}, rejected ${decimal(rejected)}`,
          };
        })
        .sort((a, b) => a.x - b.x),
    [pairs, axis],
  );
  return (
    <PointPlot
      label={`${AXIS_LABELS[axis]}: points of the chosen reply's reward against the rejected one's`}
      frame={SQUARE}
      xTitle={`${axis} reward of the rejected reply`}
      yTitle="of the chosen reply"
      points={points}
      active={active}
    >
      <path class="diagonal" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
    </PointPlot>
  );
}
