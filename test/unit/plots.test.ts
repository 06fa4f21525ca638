import type { ComponentChildren, VNode } from "preact";
import { describe, expect, test } from "vitest";
import { LadderPlot } from "../../src/app/plots/LadderPlot";
import { linePath } from "../../src/app/plots/linePath";
import { UNIT_SQUARE } from "../../src/app/plots/plotFrame";
import { StudyFigures } from "../../src/app/studies/StudyFigures";
import type { Axis } from "../../src/domain/reward";
import { STUDIES } from "../../src/experiments/studies/definitions";
import type { Study } from "../../src/experiments/studies/study";
import { summariseStudy } from "../../src/experiments/studies/summariseStudy";
import { saidBy } from "../support/saidBy";
import { someRow } from "./fakes/row";

interface Drawn {
  readonly class?: string;
  readonly children?: ComponentChildren;
  readonly [name: string]: unknown;
}

/** What is drawn by a view whose components have no hooks. */
function drawnBy(view: ComponentChildren): Drawn[] {
  if (Array.isArray(view)) return view.flatMap(drawnBy);
  if (typeof view !== "object" || view === null) return [];
  const { type, props } = view as VNode<Drawn>;
  return typeof type === "function"
    ? drawnBy((type as (given: object) => ComponentChildren)(props))
    : [props, ...drawnBy(props.children)];
}

/** Where a scale has a value, by its ticks at 0 and 1. */
function placeOf(value: number, drawn: readonly Drawn[], side: "x" | "y"): number {
  const anchor = side === "x" ? "middle" : "end";
  const [zero, one] = ["0", "1"].map((name) => {
    const isTick = (each: Drawn) => each.class === "tick" && each["text-anchor"] === anchor;
    return drawn.find((each) => isTick(each) && saidBy(each.children) === name)?.[side] as number;
  }) as [number, number];
  return zero + value * (one - zero);
}

const whiskers = (drawn: readonly Drawn[], axis: Axis): number[][] =>
  drawn
    .filter((each) => each.class === `whisker stroke-${axis}`)
    .map(({ d }) => (String(d).match(/[\d.-]+/g) ?? []).map(Number));

describe("an interval of a correlation is drawn as long as it is", () => {
  test("in the conditions of a study", () => {
    const rows = [0.1, 0.3, 0.5, 0.7, 0.9].map((harmless, row) => ({
      ...someRow(row),
      condition: "uniform",
      target: { harmless },
      actual: { helpful: 0.5, harmless: 1 - harmless ** 3 },
    }));
    const study = STUDIES.find(({ name }) => name === "match") as Study;
    const summary = summariseStudy(study, { adapters: [], main: "main", base: "base" }, rows, 0);
    const ci = summary.conditions.find(({ n }) => n > 0)?.match.harmless.ci;
    expect(ci?.[0]).toBeLessThan(-0.9);
    const drawn = drawnBy(StudyFigures({ study, summary, other: null }));
    const [low, , high] = whiskers(drawn, "harmless")[0] as number[];
    expect(low).toBeCloseTo(placeOf(ci?.[0] as number, drawn, "x"), 6);
    expect(high).toBeCloseTo(placeOf(ci?.[1] as number, drawn, "x"), 6);
  });

  test("over what was varied", () => {
    const points = [10, 1000].map((at) => ({ at, estimate: { value: 0, ci: [-0.5, 0.5] as const } }));
    const lines = [{ label: "helpful", colour: "helpful", shape: "dot" as const, points }];
    const drawn = drawnBy(LadderPlot({ label: "r", xTitle: "examples", lines }));
    expect(whiskers(drawn, "helpful")).toHaveLength(2);
    for (const [, low, high] of whiskers(drawn, "helpful")) {
      expect(low).toBeCloseTo(placeOf(-0.5, drawn, "y"), 6);
      expect(high).toBeCloseTo(placeOf(0.5, drawn, "y"), 6);
    }
  });
});

describe("a fitted line", () => {
  const { x, y } = UNIT_SQUARE;
  test.each([
    ["within the frame", 0.5, 0.25, [0, 0.25, 1, 0.75]],
    ["level", 0, 1, [0, 1, 1, 1]],
    ["rising out of it", 2, -0.5, [0.25, 0, 0.75, 1]],
    ["falling into it", -2, 2.5, [0.75, 1, 1, 0.5]],
  ] as const)("%s goes from edge to edge of the frame and no further", (_, slope, intercept, ends) => {
    const [x1, y1, x2, y2] = ends;
    expect(linePath(UNIT_SQUARE, { slope, intercept })).toBe(`M${x(x1)} ${y(y1)}L${x(x2)} ${y(y2)}`);
  });
});
