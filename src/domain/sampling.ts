/**
 * Drawing a token from logits: guidance, repetition penalty, temperature, top-k, top-p and min-p, in float64.
 *
 * Truncation follows the order of the original papers and of common practice: temperature, then the k likeliest
 * (Fan et al. 2018, arXiv:1805.04833), then the nucleus of what is left (Holtzman et al. 2020, arXiv:1904.09751), then
 * what is likely enough beside the likeliest (Nguyen et al. 2024, arXiv:2407.01082).
 * Guidance moves the logits away from those of a second prompt (Ho & Salimans 2022, arXiv:2207.12598); after it, the
 * repetition penalty (Keskar et al. 2019, arXiv:1909.05858) lowers those of tokens that were there before.
 */

import { expOfNegative } from "./exponential";

export interface Shaping {
  /** Softmax temperature, >= 0; 0 takes the likeliest token. */
  readonly temperature: number;
  /** Nucleus mass kept, in (0, 1]. */
  readonly topP: number;
  /** Number of likeliest tokens kept; 0 keeps all. */
  readonly topK: number;
  /** Tokens less likely than this share of the likeliest's probability are dropped, in [0, 1]; none where left out. */
  readonly minP?: number;
  /** Logits of tokens seen before are divided by it, negative ones multiplied, > 0; 1, which is none, where left out. */
  readonly repetitionPenalty?: number;
  /** w in: logits = null + w (conditioned - null). Used where null logits are given. */
  readonly guidance: number;
}

export interface Draw {
  readonly token: number;
  /** Natural log-probability of the token under the conditioned logits at temperature 1, nothing truncated. */
  readonly logprob: number;
}

/** Draws tokens from a vocabulary of a fixed size; keeps its working memory between draws. */
export class TokenSampler {
  private readonly weights: Float64Array;
  private readonly shaped: Float64Array;
  private readonly bins = new Float64Array(BINS);

  constructor(readonly vocabulary: number) {
    this.weights = new Float64Array(vocabulary);
    this.shaped = new Float64Array(vocabulary);
  }

  /**
   * @param logits conditioned logits, [vocabulary]; -Infinity is a token that never comes.
   * @param uniform in [0, 1): the token is where the cumulative distribution passes it.
   * @param nullLogits logits under the null prompt, [vocabulary]; needed where guidance is not 1.
   * @param seen tokens of the prompt and of the completion so far; needed where there is a repetition penalty.
   * @throws Error where logits are NaN or +Infinity, as a broken GPU gives them: drawn from, they would look like text.
   */
  draw(
    logits: Float32Array,
    shaping: Shaping,
    uniform: number,
    nullLogits?: Float32Array,
    seen: ReadonlySet<number> = NONE,
  ): Draw {
    const { repetitionPenalty = 1 } = shaping;
    const penalised = repetitionPenalty !== 1 && seen.size > 0;
    if (!nullLogits && !penalised && shaping.temperature === 1) {
      // The usual case: the weights that are drawn from give the normaliser too.
      const { total, top } = this.weigh(logits, 1);
      const token = this.choose(total, shaping, uniform);
      return { token, logprob: (logits[token] as number) - top - Math.log(total) };
    }
    let shaped = nullLogits ? this.guide(logits, nullLogits, shaping.guidance) : logits;
    if (penalised) shaped = this.penalise(shaped, seen, repetitionPenalty);
    const token =
      shaping.temperature === 0
        ? argmax(shaped)
        : this.choose(this.weigh(shaped, shaping.temperature).total, shaping, uniform);
    return { token, logprob: (logits[token] as number) - logSumExp(logits) };
  }

  /** Sets the weights to exp((logit - top) / temperature). */
  private weigh(logits: Float32Array | Float64Array, temperature: number): { total: number; top: number } {
    const top = logits[argmax(logits)] as number;
    let total = 0;
    for (let i = 0; i < this.vocabulary; i++) {
      const weight = expOfNegative(((logits[i] as number) - top) / temperature);
      this.weights[i] = weight;
      total += weight;
    }
    return { total: checked(total), top };
  }

  private guide(conditioned: Float32Array, unconditioned: Float32Array, weight: number): Float64Array {
    for (let i = 0; i < this.vocabulary; i++) {
      const base = unconditioned[i] as number;
      this.shaped[i] = base + weight * ((conditioned[i] as number) - base);
    }
    return this.shaped;
  }

  private penalise(
    logits: Float32Array | Float64Array,
    seen: ReadonlySet<number>,
    penalty: number,
  ): Float64Array {
    if (logits !== this.shaped) this.shaped.set(logits);
    for (const token of seen) {
      const logit = this.shaped[token] as number;
      this.shaped[token] = logit > 0 ? logit / penalty : logit * penalty;
    }
    return this.shaped;
  }

  /** Draws from the weights, whose sum is `total` and whose largest is 1. */
  private choose(total: number, shaping: Shaping, uniform: number): number {
    const { weights } = this;
    const { topP, minP = 0 } = shaping;
    const topK = shaping.topK > 0 && shaping.topK < this.vocabulary;
    if (!topK && topP >= 1 && minP === 0) return pickFromAll(weights, total, uniform);
    let kept: number[];
    if (topK) {
      const likeliest = largest(weights, shaping.topK);
      kept = nucleus(weights, likeliest, sum(weights, likeliest), topP);
    } else if (topP < 1) {
      kept = nucleus(weights, this.candidates(total, topP), total, topP);
    } else {
      return pick(weights, atLeast(weights, minP), uniform);
    }
    return pick(
      weights,
      minP > 0 ? kept.filter((token) => (weights[token] as number) >= minP) : kept,
      uniform,
    );
  }

  /**
   * Tokens that can be in the nucleus, likeliest first: those of the bins of largest weights that hold its mass. Bins are
   * the first bits of a weight as a float64, so that there is nothing to sort but them.
   */
  private candidates(total: number, topP: number): number[] {
    const { weights, bins } = this;
    const words = new Uint32Array(weights.buffer);
    bins.fill(0);
    for (let i = 0; i < weights.length; i++) {
      const bin = binOf(words, i);
      bins[bin] = (bins[bin] as number) + (weights[i] as number);
    }
    let lowest = BINS;
    for (let held = 0; lowest > 0 && held < topP * total; ) held += bins[--lowest] as number;
    const found: number[] = [];
    for (let i = 0; i < weights.length; i++) if (binOf(words, i) >= lowest) found.push(i);
    return found.sort(byWeight(weights));
  }
}

const NONE: ReadonlySet<number> = new Set();

/** Sign, exponent and three more bits of a float64. */
const BIN_BITS = 15;
/** Weights are in [0, 1]. */
const BINS = (0x3ff00000 >>> (32 - BIN_BITS)) + 1;
const HIGH_WORD = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

function binOf(words: Uint32Array, index: number): number {
  return (words[2 * index + HIGH_WORD] as number) >>> (32 - BIN_BITS);
}

/** log(sum(exp(x))), computed around the maximum. */
export function logSumExp(values: ArrayLike<number>): number {
  const top = values[argmax(values)] as number;
  let total = 0;
  for (let i = 0; i < values.length; i++) total += expOfNegative((values[i] as number) - top);
  return top + Math.log(checked(total));
}

function checked(total: number): number {
  if (Number.isNaN(total)) throw new Error("the model's output holds values that are not numbers");
  return total;
}

/** Index of the largest value; the lowest index among equals. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}

/** Larger weight first; the lower index among equals, so that the order is total. */
function byWeight(weights: Float64Array): (a: number, b: number) => number {
  return (a, b) => (weights[b] as number) - (weights[a] as number) || a - b;
}

/** Indices of the k largest weights, largest first. */
function largest(weights: Float64Array, k: number): number[] {
  const before = byWeight(weights);
  const kept: number[] = [];
  for (let i = 0; i < weights.length; i++) {
    const last = kept[kept.length - 1];
    if (kept.length === k && last !== undefined && (weights[i] as number) <= (weights[last] as number))
      continue;
    let low = 0;
    for (let high = kept.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (before(kept[middle] as number, i) < 0) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, i);
    if (kept.length > k) kept.pop();
  }
  return kept;
}

/** The shortest beginning of `ordered` that holds at least `topP` of `total`. */
function nucleus(weights: Float64Array, ordered: number[], total: number, topP: number): number[] {
  if (topP >= 1) return ordered;
  let held = 0;
  let size = 0;
  while (size < ordered.length && held < topP * total) held += weights[ordered[size++] as number] as number;
  return ordered.slice(0, Math.max(1, size));
}

/** Tokens of at least this weight. */
function atLeast(weights: Float64Array, least: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < weights.length; i++) if ((weights[i] as number) >= least) kept.push(i);
  return kept;
}

function sum(weights: Float64Array, tokens: readonly number[]): number {
  let total = 0;
  for (const token of tokens) total += weights[token] as number;
  return total;
}

function pick(weights: Float64Array, tokens: readonly number[], uniform: number): number {
  let left = uniform * sum(weights, tokens);
  for (const token of tokens) {
    left -= weights[token] as number;
    if (left < 0) return token;
  }
  return tokens[0] as number;
}

function pickFromAll(weights: Float64Array, total: number, uniform: number): number {
  let left = uniform * total;
  for (let token = 0; token < weights.length; token++) {
    left -= weights[token] as number;
    if (left < 0) return token;
  }
  return argmax(weights);
}
