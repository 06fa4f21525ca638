import type { Signal } from "@preact/signals";
import { least } from "d3";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { FrameLines, type PlotFrame } from "./plotFrame";

export interface PlotPoint {
  /** Of the row that it opens. */
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly class: string;
  /** What is said of it. */
  readonly text: string;
}

export interface PointPlotProps {
  /** Says what the points are. */
  readonly label: string;
  readonly frame: PlotFrame;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xClass?: string;
  readonly yClass?: string;
  /** In the order in which the arrow keys walk through them. */
  readonly points: readonly PlotPoint[];
  /** Id of the point that is open, "" where none is. */
  readonly active: Signal<string>;
  /** Under the points. */
  readonly children?: ComponentChildren;
  /** Above the points. */
  readonly over?: ComponentChildren;
}

/** A pointer this near to a point, in units of the picture, opens its row. */
const REACH = 14;

/**
 * The row that a press has opened: passing over other points, in any plot of the same rows, leaves it open. Not of a
 * finger's press, which has to come before it passes over any.
 */
let held: { readonly active: Signal<string>; readonly id: string } | null = null;
/** The plot that had the focus last. */
let focused: HTMLElement | null = null;

/** Gives the focus back to the plot that has opened a row. */
export function focusPlot(): void {
  const plot = focused?.isConnected ? focused : document.querySelector<HTMLElement>(".scatter");
  plot?.focus();
}

/** Points that open rows. One stop of the Tab key; the arrow keys walk through them. */
export function PointPlot(props: PointPlotProps) {
  const { label, frame, points, active, children, over } = props;
  const { width, height, x, y } = frame;
  const shapes = useMemo(() => shapesOf(points, frame), [points, x, y]);
  const place = points.findIndex(({ id }) => id === active.value);
  const chosen = points[place];
  const walk = (to: number): void => {
    const next = points[Math.min(points.length - 1, Math.max(0, to))];
    if (next) active.value = next.id;
  };
  const open = (event: PointerEvent & { currentTarget: HTMLElement }): PlotPoint | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    const px = ((event.clientX - box.left) / box.width) * width;
    const py = ((event.clientY - box.top) / box.height) * height;
    const distance = (point: PlotPoint): number => Math.hypot(x(point.x) - px, y(point.y) - py);
    const nearest = least(points, distance);
    if (!nearest || distance(nearest) >= REACH) return undefined;
    active.value = nearest.id;
    return nearest;
  };
  return (
    <div
      class="scatter"
      role="slider"
      tabIndex={0}
      aria-label={`${label}, arrow keys open rows`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, points.length - 1)}
      aria-valuenow={Math.max(0, place)}
      aria-valuetext={chosen?.text ?? "no row open"}
      onFocus={(event) => {
        focused = event.currentTarget;
        if (place < 0) walk(0);
      }}
      onKeyDown={(event) => {
        const step = STEPS[event.key];
        if (step === undefined) return;
        event.preventDefault();
        walk(Math.max(0, place) + step);
      }}
      onPointerMove={(event) => {
        if (held?.active === active && held.id === active.peek()) return;
        held = null;
        open(event);
      }}
      onPointerDown={(event) => {
        const pressed = open(event);
        held = pressed && event.pointerType !== "touch" ? { active, id: pressed.id } : null;
      }}
    >
      <svg class="plot" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <FrameLines {...props} />
        {children}
        {shapes}
        {over}
        {chosen && <circle class={`chosen ${chosen.class}`} cx={x(chosen.x)} cy={y(chosen.y)} r="6" />}
      </svg>
    </div>
  );
}

const RADIUS = 3.2;
/**
 * Hundreds of circles take long to draw, and one shape of all points hides how many lie over each other: a few shapes,
 * with neighbours in different ones, do neither.
 */
const LAYERS = 6;

function shapesOf(points: readonly PlotPoint[], { x, y }: PlotFrame) {
  const paths = new Map<string, string[]>();
  points.forEach((point, index) => {
    const key = `${index % LAYERS} ${point.class}`;
    const path = paths.get(key) ?? [];
    path.push(`M${x(point.x) - RADIUS} ${y(point.y)}${CIRCLE}`);
    paths.set(key, path);
  });
  return [...paths].map(([key, path]) => (
    <path key={key} class={`point ${key.slice(key.indexOf(" ") + 1)}`} d={path.join("")} />
  ));
}

const HALF = `a${RADIUS} ${RADIUS} 0 1 0 `;
const CIRCLE = `${HALF}${2 * RADIUS} 0${HALF}${-2 * RADIUS} 0`;

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
