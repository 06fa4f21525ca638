import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { Axis } from "../../domain/reward";
import { binnedMeans } from "../../domain/statistics/binnedMeans";
import { leastSquares } from "../../domain/statistics/regression";
import { AXIS_LABELS } from "../components/Dial";
import { decimal } from "../format";
import { DiagonalPlot } from "./DiagonalPlot";
import { linePath } from "./linePath";
import { UNIT_SQUARE } from "./plotFrame";
import { type PlottedRow, pointClass, pointName } from "./plottedRow";

interface MatchScatterProps {
  readonly axis: Axis;
  readonly rows: readonly PlottedRow[];
  readonly active: Signal<string>;
}

const { x, y } = UNIT_SQUARE;
const CAP = 3;
/** Of few rows, an interval reaches beyond all rewards. */
const inside = (reward: number): number => y(Math.min(1, Math.max(0, reward)));

/** Target against actual on one axis, the least-squares line, and the mean of each tenth of the targets. */
export function MatchScatter({ axis, rows, active }: MatchScatterProps) {
  const asked = useMemo(
    () =>
      rows
        .flatMap((plotted) => {
          const { id, row } = plotted;
          const target = row.target[axis];
          if (target === undefined) return [];
          return [
            {
              id,
              row,
              other: plotted.other,
              target,
              actual: row.actual[axis],
              class: pointClass(plotted, axis),
            },
          ];
        })
        .sort((a, b) => a.target - b.target || a.row.row - b.row.row),
    [rows, axis],
  );
  const points = useMemo(
    () =>
      asked.map((plotted) => ({
        id: plotted.id,
        x: plotted.target,
        y: plotted.actual,
        class: plotted.class,
        text: `${pointName(plotted)}, asked ${decimal(plotted.target)}, came ${decimal(plotted.actual)}`,
      })),
    [asked],
  );
  return (
    <DiagonalPlot
      label={`${AXIS_LABELS[axis]}: points of target against actual`}
      xTitle={`${axis} reward asked for`}
      yTitle={`${axis} reward that came`}
      points={points}
      active={active}
      over={
        <>
          <Fit axis={axis} asked={asked.filter(({ other }) => other)} other />
          <Fit axis={axis} asked={asked.filter(({ other }) => !other)} />
        </>
      }
    />
  );
}

interface FitProps {
  readonly axis: Axis;
  readonly asked: readonly { readonly target: number; readonly actual: number }[];
  readonly other?: boolean;
}

function Fit({ axis, asked, other = false }: FitProps) {
  const targets = asked.map(({ target }) => target);
  const actuals = asked.map(({ actual }) => actual);
  const line = leastSquares(targets, actuals);
  return (
    <>
      {line && <path class={`fit stroke-${axis} ${other ? "dotted" : ""}`} d={linePath(UNIT_SQUARE, line)} />}
      {!other &&
        binnedMeans(targets, actuals).map(({ from, to, mean, interval }) => {
          const centre = x((from + to) / 2);
          const [low, high] = interval ? [inside(interval.low), inside(interval.high)] : [y(mean), y(mean)];
          return (
            <g key={from} class="bin">
              <path
                d={`M${centre} ${low}V${high}M${centre - CAP} ${low}h${2 * CAP}M${centre - CAP} ${high}h${2 * CAP}`}
              />
              <path d={`M${x(from) + 4} ${y(mean)}H${x(to) - 4}`} class="bin-mean" />
            </g>
          );
        })}
    </>
  );
}
