import { signal } from "@preact/signals";
import { h, render } from "preact";
import { beforeEach, expect, test } from "vitest";
import { MatchPlots } from "../../src/app/plots/MatchPlots";
import { plottedRows } from "../../src/app/plots/plottedRow";
import { uniform } from "../../src/domain/random";
import type { Row } from "../../src/domain/row";
import { someRow } from "../unit/fakes/row";

const ROWS: Row[] = Array.from({ length: 500 }, (_, row) => ({
  ...someRow(row),
  tokens: 1 + Math.floor(90 * uniform(1, row, 4)),
  target: { helpful: uniform(1, row, 0), harmless: uniform(1, row, 1) },
  actual: { helpful: uniform(1, row, 2), harmless: uniform(1, row, 3) },
}));
const REACHABLE = Array.from({ length: 1500 }, (_, at) => [uniform(2, at, 0), uniform(2, at, 1)] as const);
let place: HTMLElement;
beforeEach(() => {
  place = document.createElement("div");
  document.body.replaceChildren(place);
});

const draw = (count: number): void => {
  const rows = plottedRows(ROWS.slice(0, count));
  render(h(MatchPlots, { rows, active: signal(""), reachable: REACHABLE }), place);
};
const shapes = (): string[] =>
  [...place.querySelectorAll(".point")].map((path) => path.getAttribute("d") ?? "");
const points = (): number => shapes().join("").match(/M/g)?.length ?? 0;

test("a match of 500 rows is drawn in a few shapes, whatever the number of its rows", async () => {
  draw(500);
  await expect.poll(points).toBe(2500);
  const many = shapes().length;
  expect(many).toBeLessThanOrEqual(30);
  draw(40);
  await expect.poll(points).toBe(200);
  expect(shapes()).toHaveLength(many);
});

test("a match that is opened or grows is drawn a plot at a time, each in a task of its own", async () => {
  const counts: number[] = [];
  const watch = new MutationObserver(() => counts.push(points()));
  watch.observe(place, { childList: true, subtree: true, attributes: true });
  draw(400);
  await expect.poll(points).toBe(2000);
  draw(500);
  await expect.poll(points).toBe(2500);
  watch.disconnect();
  const steps = counts.map((count, index) => count - (counts[index - 1] ?? 0));
  expect(Math.max(...steps)).toBe(400);
  expect(steps.filter((step) => step === 100)).toHaveLength(5);
});
