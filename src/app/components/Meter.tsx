import type { Axis } from "../../domain/reward";
import { decimal } from "../format";
import { AXIS_LABELS } from "./Dial";

interface MeterProps {
  readonly axis: Axis;
  /** undefined where it was not asked for. */
  readonly target: number | undefined;
  readonly actual: number;
}

const WIDTH = 100;

/** One reward on a line from 0 to 1: a ring where it was asked, a dot where it came. */
export function Meter({ axis, target, actual }: MeterProps) {
  return (
    <div class={`meter ${axis}`}>
      <span class="label">{AXIS_LABELS[axis]}</span>
      <span>
        <svg viewBox={`-4 0 ${WIDTH + 8} 12`} preserveAspectRatio="none" aria-hidden="true">
          <path class="meter-line" d={`M0 6H${WIDTH}`} vector-effect="non-scaling-stroke" />
          {target !== undefined && (
            <>
              <path
                class="meter-miss"
                d={`M${target * WIDTH} 6H${actual * WIDTH}`}
                vector-effect="non-scaling-stroke"
              />
              <path class="meter-target" d={`M${target * WIDTH} 1V11`} vector-effect="non-scaling-stroke" />
            </>
          )}
          <path class="meter-actual" d={`M${actual * WIDTH} 6h0.001`} vector-effect="non-scaling-stroke" />
        </svg>
      </span>
      <span class="meter-value">
        <strong>{decimal(actual)}</strong>{" "}
        <span class="small soft">{target === undefined ? "not asked for" : `asked ${decimal(target)}`}</span>
      </span>
    </div>
  );
}
