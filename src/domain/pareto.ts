import type { RewardVector } from "./reward";

/**
 * The Pareto front: the items that no other one beats on one axis without losing on the other, from the most
 * harmless to the most helpful. Of equals, the first.
 */
export function paretoFront<Item>(items: readonly Item[], reward: (item: Item) => RewardVector): Item[] {
  const order = items
    .map((item) => ({ item, ...reward(item) }))
    .sort((a, b) => b.helpful - a.helpful || b.harmless - a.harmless);
  const front: Item[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (const { item, harmless } of order) {
    if (harmless <= best) continue;
    best = harmless;
    front.push(item);
  }
  return front.reverse();
}

/** The share of the unit square that some of the rewards are at least as good as on both axes, in [0, 1]. */
export function dominatedArea(rewards: readonly RewardVector[]): number {
  let area = 0;
  let from = 0;
  for (const { helpful, harmless } of paretoFront(rewards, (reward) => reward)) {
    area += (helpful - from) * harmless;
    from = helpful;
  }
  return area;
}
