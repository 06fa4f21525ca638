import { effect, signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { rowFeed } from "../../src/app/runs/rowFeed";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("rows are shown a few times a second however fast they come, and all in the end", () => {
  const shown = signal<readonly number[]>([]);
  let drawn = -1; // Signals tell of the value that they begin with.
  const stop = effect(() => {
    void shown.value;
    drawn++;
  });
  const feed = rowFeed(shown);
  for (let row = 0; row < 100; row++) {
    feed.add([row]);
    vi.advanceTimersByTime(20);
  }
  expect(drawn).toBeLessThanOrEqual(4);
  expect(drawn).toBeGreaterThan(0);
  feed.flush();
  expect(shown.value).toEqual(Array.from({ length: 100 }, (_, row) => row));
  const before = drawn;
  vi.advanceTimersByTime(5000);
  expect(drawn).toBe(before);
  stop();
});
