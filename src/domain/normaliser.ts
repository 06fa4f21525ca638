/** Raw scores to rewards, and back. */

export interface Normaliser {
  /** Raw score to reward; in [0, 1] by the quantile and the min-max normaliser. */
  toReward(raw: number): number;
  /** Reward to a raw score. */
  toRaw(reward: number): number;
}

/**
 * Mid-rank percentile: the share of the reference below x plus half the share equal to it, in [0, 1].
 * @param sorted at least one score, ascending.
 */
export function percentile(raw: number, sorted: readonly number[]): number {
  const below = countWhile(sorted, (score) => score < raw);
  const upTo = countWhile(sorted, (score) => score <= raw);
  return (below + upTo) / 2 / sorted.length;
}

/** The raw score at a percentile: linear between the mid-ranks of the reference, flat outside them. */
export function quantile(reward: number, sorted: readonly number[]): number {
  const last = sorted.length - 1;
  const position = Math.min(Math.max(reward * sorted.length - 0.5, 0), last);
  const index = Math.min(Math.floor(position), Math.max(last - 1, 0));
  const low = sorted[index] as number;
  const high = sorted[Math.min(index + 1, last)] as number;
  return low + (high - low) * (position - index);
}

/** The quantile normaliser of a reference set, ascending. */
export function quantileNormaliser(sorted: readonly number[]): Normaliser {
  return {
    toReward: (raw) => percentile(raw, sorted),
    toRaw: (reward) => quantile(reward, sorted),
  };
}

/** 0 at `low`, 1 at `high` and flat outside them; 0.5 where the two are one. */
export function minMaxNormaliser(low: number, high: number): Normaliser {
  const width = high - low;
  return {
    toReward: (raw) => (width > 0 ? Math.min(1, Math.max(0, (raw - low) / width)) : 0.5),
    toRaw: (reward) => low + width * reward,
  };
}

/** Standard deviations from the mean; 0 for all where there is no deviation. */
export function standardNormaliser(mean: number, deviation: number): Normaliser {
  return {
    toReward: (raw) => (deviation > 0 ? (raw - mean) / deviation : 0),
    toRaw: (reward) => mean + deviation * reward,
  };
}

/** The raw score itself. */
export const NO_NORMALISER: Normaliser = { toReward: (raw) => raw, toRaw: (reward) => reward };

/** Length of the prefix of an ordered list for which the test holds. */
function countWhile(sorted: readonly number[], holds: (score: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
