/**
 * Counter-based random numbers: every draw is a pure function of its coordinates, so that a row
 * can be made again from (seed, row) alone, whatever was drawn before it.
 *
 * Philox4x32-10, from Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3"
 * (SC 2011). Key: (seed, row). Counter: (position, 0, stream, 0).
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

export type Block = readonly [number, number, number, number];

/** High 32 bits of the product of two uint32. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Four random uint32 for a counter of four uint32 and a key of two. */
export function philox4x32(counter: Block, key: readonly [number, number]): Block {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** A double in [0, 1) with 53 random bits, from two uint32. */
function unit(high: number, low: number): number {
  return ((high >>> 5) * 0x4000000 + (low >>> 6)) / 0x20000000000000;
}

const TOKENS = 0;

/** The draw for one sampled token, in [0, 1) with 53 bits. All three arguments are uint32. */
export function uniform(seed: number, row: number, position: number): number {
  const [high, low] = philox4x32([position >>> 0, 0, TOKENS, 0], [seed >>> 0, row >>> 0]);
  return unit(high, low);
}

/** What a sequence of draws is for; each purpose has its own numbers. Stream 0 is the tokens'. */
export const STREAM = {
  target: 1,
  promptOrder: 2,
  shuffle: 3,
  candidate: 4,
  otherTarget: 5,
  endpoint: 6,
} as const;
export type Stream = (typeof STREAM)[keyof typeof STREAM];

export interface RandomSource {
  /** The next double in [0, 1), 53 bits. */
  uniform(): number;
  /** The next integer in 0..below-1; `below` in 1..2^32. */
  integer(below: number): number;
}

/** A sequence of draws for one purpose and, where a purpose has rows, one row. */
export function randomSource(seed: number, stream: Stream, row = 0): RandomSource {
  let position = 0;
  const next = (): number => {
    const [high, low] = philox4x32([position++ >>> 0, 0, stream, 0], [seed >>> 0, row >>> 0]);
    return unit(high, low);
  };
  return { uniform: next, integer: (below) => Math.floor(next() * below) };
}

/** A random order of 0..length-1 (Fisher-Yates). */
export function permutation(length: number, source: RandomSource): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const chosen = source.integer(last + 1);
    const held = order[last] as number;
    order[last] = order[chosen] as number;
    order[chosen] = held;
  }
  return order;
}

/** The seed of the k-th candidate of a row (best of n); candidate 0 keeps the run's seed. */
export function candidateSeed(seed: number, candidate: number): number {
  if (candidate === 0) return seed >>> 0;
  return philox4x32([candidate, 0, STREAM.candidate, 0], [seed >>> 0, 0])[0];
}

/** The seed that a row has at an endpoint: 31 bits, which every server takes. */
export function endpointSeed(seed: number, row: number): number {
  return philox4x32([0, 0, STREAM.endpoint, 0], [seed >>> 0, row >>> 0])[0] >>> 1;
}
