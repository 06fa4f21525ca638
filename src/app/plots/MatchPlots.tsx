import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { AXES, type Axis } from "../../domain/reward";
import { AXIS_LABELS } from "../components/Dial";
import { Later } from "../components/Later";
import { JointPlane } from "./JointPlane";
import { MatchScatter } from "./MatchScatter";
import type { PlottedRow } from "./plottedRow";
import { ResidualPlot } from "./ResidualPlot";

interface MatchPlotsProps {
  readonly rows: readonly PlottedRow[];
  readonly active: Signal<string>;
  readonly reachable: readonly (readonly [number, number])[];
  /** Axes to draw, both unless told. */
  readonly axes?: readonly Axis[];
  /** What is said beside an axis' name; follows no signal. */
  readonly caption?: (axis: Axis) => ComponentChildren;
}

/** All that one set of rows shows: target against actual, what length adds, and both rewards in the plane. */
export function MatchPlots({ rows, active, reachable, axes = AXES, caption }: MatchPlotsProps) {
  const asked = axes.filter(
    (axis) => rows.length === 0 || rows.some(({ row }) => row.target[axis] !== undefined),
  );
  return (
    <>
      {asked.map((axis) => (
        <Later key={axis}>
          <figure>
            <figcaption>
              <strong class={axis}>{AXIS_LABELS[axis]}</strong> <Caption axis={axis} of={caption} />
            </figcaption>
            <MatchScatter axis={axis} rows={rows} active={active} />
          </figure>
        </Later>
      ))}
      {asked.map((axis) => (
        <Later key={`${axis} left over`}>
          <figure>
            <figcaption>
              <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
              <span class="small soft">left over, by length</span>
            </figcaption>
            <ResidualPlot axis={axis} rows={rows} active={active} />
          </figure>
        </Later>
      ))}
      <Later>
        <figure>
          <figcaption>
            <strong>Both</strong>{" "}
            <span class="small soft">+ asked for; grey: where reference answers lie</span>
          </figcaption>
          <JointPlane rows={rows} active={active} reachable={reachable} />
        </figure>
        <p class="small soft plots-key">
          Dashed: what was asked. Line: least squares. Black bars: mean of each tenth of the targets with its
          95 % interval.
          {rows.some(({ other }) => other) && " Hollow and dotted: the run compared with."}
        </p>
      </Later>
    </>
  );
}

/** Made in the task that draws it: its figures take time. */
function Caption({ axis, of }: { readonly axis: Axis; readonly of: MatchPlotsProps["caption"] }) {
  return <>{of?.(axis)}</>;
}
