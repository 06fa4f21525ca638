import { signal } from "@preact/signals";
import { h, render } from "preact";
import { beforeEach, expect, test } from "vitest";
import { cdp } from "vitest/browser";
import { MatchPlots } from "../../src/app/plots/MatchPlots";
import { plottedRows } from "../../src/app/plots/plottedRow";
import { uniform } from "../../src/domain/random";
import type { Row } from "../../src/domain/row";
import { summariseMatch } from "../../src/experiments/summariseMatch";
import { someRow } from "../unit/fakes/row";

const ROWS: Row[] = Array.from({ length: 500 }, (_, row) => ({
  ...someRow(row),
  tokens: 1 + Math.floor(90 * uniform(1, row, 4)),
  target: { helpful: uniform(1, row, 0), harmless: uniform(1, row, 1) },
  actual: { helpful: uniform(1, row, 2), harmless: uniform(1, row, 3) },
}));
const REACHABLE = Array.from({ length: 1500 }, (_, at) => [uniform(2, at, 0), uniform(2, at, 1)] as const);
/** Milliseconds that a page may be busy before a user feels it. */
const LONG_TASK = 50;
const TRIES = 6;

let place: HTMLElement;
beforeEach(() => {
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

/** Seconds of the processor that the page's thread has had. What else the machine does is not in it. */
async function threadTime(): Promise<number> {
  const { metrics } = await cdp().send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ThreadTime")?.value ?? Number.NaN;
}

/** Milliseconds of the processor that work takes, the fewest of several tries. */
async function cost(work: (attempt: number) => void): Promise<number> {
  await cdp().send("Performance.enable");
  const costs: number[] = [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = await threadTime();
    work(attempt);
    costs.push(1000 * ((await threadTime()) - before));
  }
  return Math.min(...costs);
}

test("a match of 500 rows is summarised and drawn anew in less than a long task", async () => {
  const active = signal("");
  const draw = (count: number): void => {
    const rows = ROWS.slice(0, count);
    summariseMatch(rows, 1);
    render(h(MatchPlots, { rows: plottedRows(rows), active, reachable: REACHABLE }), place);
    place.getBoundingClientRect(); // Lays it out.
  };
  draw(480);
  expect(await cost((attempt) => draw(490 + attempt))).toBeLessThan(LONG_TASK);
});

test("a match of 500 rows that was kept is opened in less than a long task", async () => {
  const active = signal("");
  const opening = await cost(() => {
    render(null, place);
    render(h(MatchPlots, { rows: plottedRows(ROWS), active, reachable: REACHABLE }), place);
    place.getBoundingClientRect();
  });
  const drawn = [...place.querySelectorAll(".point")].map((path) => path.getAttribute("d"));
  expect(drawn.join("").match(/M/g)).toHaveLength(2500);
  expect(opening).toBeLessThan(LONG_TASK);
});
