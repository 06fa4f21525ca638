import fc from "fast-check";
import { expect, test } from "vitest";
import { dominatedArea, paretoFront } from "../../src/domain/pareto";
import type { RewardVector } from "../../src/domain/reward";

const reward = fc.integer({ min: 0, max: 5 }).map((tenths) => tenths / 5);
const rewards = fc.array(fc.record({ helpful: reward, harmless: reward }), { maxLength: 30 });
const self = (item: RewardVector): RewardVector => item;

const beats = (a: RewardVector, b: RewardVector): boolean =>
  a.helpful >= b.helpful && a.harmless >= b.harmless && (a.helpful > b.helpful || a.harmless > b.harmless);

test("no item of the front is beaten, and every other is beaten or equalled by one of it", () => {
  fc.assert(
    fc.property(rewards, (items) => {
      const front = paretoFront(items, self);
      for (const kept of front) expect(items.some((item) => beats(item, kept))).toBe(false);
      for (const item of items) {
        const covered = front.some(
          (kept) => beats(kept, item) || (kept.helpful === item.helpful && kept.harmless === item.harmless),
        );
        expect(covered).toBe(true);
      }
    }),
  );
});

test("the front goes from the most harmless to the most helpful", () => {
  const [a, b, c] = [
    { helpful: 0.1, harmless: 0.9 },
    { helpful: 0.9, harmless: 0.1 },
    { helpful: 0.5, harmless: 0.5 },
  ];
  expect(paretoFront([b, a, { helpful: 0.4, harmless: 0.4 }, c], self)).toEqual([a, c, b]);
});

test("the area below the front is the share of a fine grid that the rewards dominate", () => {
  const cells = [0, 1, 2, 3, 4].map((cell) => (cell + 0.5) / 5);
  fc.assert(
    fc.property(rewards, (items) => {
      const points = cells.flatMap((helpful) => cells.map((harmless) => ({ helpful, harmless })));
      const dominated = points.filter((point) => items.some((item) => beats(item, point)));
      expect(dominatedArea(items)).toBeCloseTo(dominated.length / points.length, 12);
    }),
  );
});
