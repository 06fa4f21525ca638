import type { Signal } from "@preact/signals";
import { least } from "d3";
import { useMemo } from "preact/hooks";
import type { Axis } from "../../domain/reward";
import type { Row } from "../../domain/row";
import { leastSquares } from "../../domain/statistics/regression";
import { AXIS_LABELS } from "../components/Dial";
import { UnitFrame, unitSquare } from "../components/unitSquare";
import { decimal } from "../format";

interface MatchScatterProps {
  readonly axis: Axis;
  readonly rows: readonly Row[];
  /** Number of the row that is open. */
  readonly active: Signal<number | null>;
}

const SQUARE = unitSquare(320, [0, 0.25, 0.5, 0.75, 1]);
const { side, x, y } = SQUARE;
/** Pointer this near to a point, in units of the picture, opens its row. */
const REACH = 14;

/** Target against actual on one axis. One stop of the Tab key; the arrow keys walk through the points by target. */
export function MatchScatter({ axis, rows, active }: MatchScatterProps) {
  const asked = useMemo(
    () =>
      rows
        .flatMap((row) => {
          const target = row.target[axis];
          return target === undefined ? [] : [{ row, target, actual: row.actual[axis] }];
        })
        .sort((a, b) => a.target - b.target || a.row.row - b.row.row),
    [rows, axis],
  );
  const line = useMemo(
    () =>
      leastSquares(
        asked.map(({ target }) => target),
        asked.map(({ actual }) => actual),
      ),
    [asked],
  );
  const points = useMemo(
    () =>
      asked.map(({ row, target, actual }) => (
        <circle key={row.row} class={`point fill-${axis}`} cx={x(target)} cy={y(actual)} r="3.2" />
      )),
    [asked, axis],
  );
  const place = asked.findIndex(({ row }) => row.row === active.value);
  const chosen = asked[place];
  const walk = (to: number): void => {
    const next = asked[Math.min(asked.length - 1, Math.max(0, to))];
    if (next) active.value = next.row.row;
  };
  const open = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * side;
    const py = ((event.clientY - box.top) / box.height) * side;
    const distance = (point: (typeof asked)[number]): number =>
      Math.hypot(x(point.target) - px, y(point.actual) - py);
    const nearest = least(asked, distance);
    if (nearest && distance(nearest) < REACH) active.value = nearest.row.row;
  };
  return (
    <div
      class="scatter"
      role="slider"
      tabIndex={0}
      aria-label={`${AXIS_LABELS[axis]}: points of target against actual, arrow keys open rows`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, asked.length - 1)}
      aria-valuenow={Math.max(0, place)}
      aria-valuetext={
        chosen
          ? `row ${chosen.row.row}, asked ${decimal(chosen.target)}, came ${decimal(chosen.actual)}`
          : "no row open"
      }
      onFocus={() => {
        if (place < 0) walk(0);
      }}
      onKeyDown={(event) => {
        const step = STEPS[event.key];
        if (step === undefined) return;
        event.preventDefault();
        walk(Math.max(0, place) + step);
      }}
      onPointerMove={open}
      onPointerDown={open}
    >
      <svg class="plot" viewBox={`0 0 ${side} ${side}`} aria-hidden="true">
        <UnitFrame square={SQUARE} xTitle={`${axis} reward asked for`} yTitle="actual" />
        <path class="diagonal" d={`M${x(0)} ${y(0)}L${x(1)} ${y(1)}`} />
        {points}
        {line && (
          <path
            class={`fit stroke-${axis}`}
            d={`M${x(0)} ${y(line.intercept)}L${x(1)} ${y(line.intercept + line.slope)}`}
          />
        )}
        {chosen && <circle class={`chosen fill-${axis}`} cx={x(chosen.target)} cy={y(chosen.actual)} r="6" />}
      </svg>
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};
