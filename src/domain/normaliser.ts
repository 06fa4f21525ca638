/** Raw scores to percentiles of a reference set, and back. */

export interface Normaliser {
  /** Raw score to reward in [0, 1]. */
  toReward(raw: number): number;
  /** Reward in [0, 1] to a raw score. */
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
