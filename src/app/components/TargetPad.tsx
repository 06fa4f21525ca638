import type { Signal } from "@preact/signals";
import { parseReward } from "../../domain/checkTarget";
import { attempt } from "../fields";

interface TargetPadProps {
  readonly helpful: Signal<string>;
  readonly harmless: Signal<string>;
}

const SIDE = 100;
const STEP = 0.01;
const LARGE_STEP = 0.1;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

/** Both dials at once: a square, helpful to the right and harmless upwards. Arrow keys move; with Shift, in tenths. */
export function TargetPad({ helpful, harmless }: TargetPadProps) {
  const read = attempt(() => [parseReward(helpful.value), parseReward(harmless.value)] as const);
  const [x, y] = read ?? [0, 0];
  const set = (nextX: number, nextY: number): void => {
    helpful.value = clamp(nextX).toFixed(2);
    harmless.value = clamp(nextY).toFixed(2);
  };
  const follow = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const box = event.currentTarget.getBoundingClientRect();
    set((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
  };
  return (
    <div
      class="pad"
      role="slider"
      tabIndex={0}
      aria-label="Target on both axes, arrow keys move it"
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={x}
      aria-valuetext={read ? `helpful ${x.toFixed(2)}, harmless ${y.toFixed(2)}` : "not set"}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        follow(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) follow(event);
      }}
      onKeyDown={(event) => {
        const arrow = ARROWS[event.key];
        if (!arrow) return;
        event.preventDefault();
        const step = event.shiftKey ? LARGE_STEP : STEP;
        set(x + arrow[0] * step, y + arrow[1] * step);
      }}
    >
      <svg viewBox={`0 0 ${SIDE} ${SIDE}`} aria-hidden="true">
        <path class="pad-grid" d="M50 0V100M0 50H100" />
        {read && (
          <>
            <path class="pad-cross-helpful" d={`M${x * SIDE} 0V100`} />
            <path class="pad-cross-harmless" d={`M0 ${(1 - y) * SIDE}H100`} />
            <circle class="pad-handle" cx={x * SIDE} cy={(1 - y) * SIDE} r="6" />
          </>
        )}
      </svg>
      <span class="pad-x helpful" aria-hidden="true">
        helpful →
      </span>
      <span class="pad-y harmless" aria-hidden="true">
        harmless →
      </span>
    </div>
  );
}
