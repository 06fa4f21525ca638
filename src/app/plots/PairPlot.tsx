import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Axis } from "../../domain/reward";
import { type JudgedPair, placeOf } from "../../experiments/studies/judgePairs";
import { AXIS_LABELS } from "../components/Dial";
import { decimal } from "../format";
import { DiagonalPlot } from "./DiagonalPlot";

interface PairPlotProps {
  readonly axis: Axis;
  /** Of this axis. */
  readonly pairs: readonly JudgedPair[];
  readonly active: Signal<string>;
}

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
    <DiagonalPlot
      label={`${AXIS_LABELS[axis]}: points of the chosen reply's reward against the rejected one's`}
      xTitle={`${axis} reward of the rejected reply`}
      yTitle="of the chosen reply"
      points={points}
      active={active}
    />
  );
}
