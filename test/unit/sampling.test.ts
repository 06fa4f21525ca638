import { describe, expect, it } from "vitest";
import { uniform } from "../../src/domain/random";
import { logSumExp, type Shaping, TokenSampler } from "../../src/domain/sampling";

const PLAIN: Shaping = { temperature: 1, topP: 1, topK: 0, guidance: 1 };
const PROBABILITIES = [0.5, 0.25, 0.125, 0.0625, 0.0625];
const LOGITS = Float32Array.from(PROBABILITIES, (p) => Math.log(p) + 3);

function counts(shaping: Shaping, draws: number, logits = LOGITS, nullLogits?: Float32Array): number[] {
  const sampler = new TokenSampler(logits.length);
  const found = new Array<number>(logits.length).fill(0);
  for (let i = 0; i < draws; i++) {
    const { token } = sampler.draw(logits, shaping, uniform(11, 0, i), nullLogits);
    found[token] = (found[token] as number) + 1;
  }
  return found;
}

function chiSquare(observed: readonly number[], expected: readonly number[]): number {
  const draws = observed.reduce((a, b) => a + b);
  return observed.reduce((sum, count, i) => {
    const wanted = (expected[i] as number) * draws;
    return wanted === 0 ? sum : sum + (count - wanted) ** 2 / wanted;
  }, 0);
}

/** 99.9 % quantile of chi-square with 4 degrees of freedom. */
const CHI_SQUARE_4 = 18.47;

describe("TokenSampler", () => {
  it("draws from the softmax at temperature 1", () => {
    expect(chiSquare(counts(PLAIN, 20_000), PROBABILITIES)).toBeLessThan(CHI_SQUARE_4);
  });

  it("sharpens with a low temperature: p^(1/T), renormalised", () => {
    const squared = PROBABILITIES.map((p) => p * p);
    const total = squared.reduce((a, b) => a + b);
    const expected = squared.map((p) => p / total);
    expect(chiSquare(counts({ ...PLAIN, temperature: 0.5 }, 20_000), expected)).toBeLessThan(CHI_SQUARE_4);
  });

  it("takes the likeliest token at temperature 0, the lowest of equals", () => {
    const sampler = new TokenSampler(3);
    const draw = sampler.draw(Float32Array.of(1, 2, 2), { ...PLAIN, temperature: 0 }, 0.999);
    expect(draw.token).toBe(1);
  });

  it("top-k keeps exactly k tokens, lower ids first among equals", () => {
    const found = counts({ ...PLAIN, topK: 4 }, 5000);
    expect(found.map((count) => count > 0)).toEqual([true, true, true, true, false]);
    const expected = [0.5, 0.25, 0.125, 0.0625, 0].map((p) => p / 0.9375);
    expect(chiSquare(found, expected)).toBeLessThan(16.27); // 3 degrees of freedom
  });

  it("top-p keeps the shortest head that holds the mass, the token that crosses it included", () => {
    expect(counts({ ...PLAIN, topP: 0.74 }, 2000).map((count) => count > 0)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(counts({ ...PLAIN, topP: 0.76 }, 2000).map((count) => count > 0)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(counts({ ...PLAIN, topP: 0.001 }, 100)).toEqual([100, 0, 0, 0, 0]);
  });

  it("applies top-p to what top-k left", () => {
    // The two likeliest hold 2/3 and 1/3 of what is left, so 0.6 of it is the first alone.
    expect(counts({ ...PLAIN, topK: 2, topP: 0.6 }, 500)).toEqual([500, 0, 0, 0, 0]);
  });

  it("finds the same nucleus in a large vocabulary as a full sort does", () => {
    const logits = Float32Array.from({ length: 5000 }, (_, i) => 6 * uniform(3, 1, i));
    const weights = [...logits].map((x) => Math.exp(x));
    const total = weights.reduce((a, b) => a + b);
    const order = weights.map((_, i) => i).sort((a, b) => (weights[b] as number) - (weights[a] as number));
    let mass = 0;
    const nucleus = new Set<number>();
    for (const token of order) {
      if (mass >= 0.3 * total) break;
      mass += weights[token] as number;
      nucleus.add(token);
    }
    const sampler = new TokenSampler(logits.length);
    for (let i = 0; i < 500; i++) {
      const { token } = sampler.draw(logits, { ...PLAIN, topP: 0.3 }, uniform(4, 0, i));
      expect(nucleus.has(token)).toBe(true);
    }
  });

  it("takes the same tokens of a nucleus as a full sort does, at every mass", () => {
    const logits = Float32Array.from(
      { length: 3000 },
      (_, i) => 12 * uniform(8, 2, i) - (i % 7 === 0 ? 30 : 0),
    );
    const weights = [...logits].map((x) => Math.exp(x - Math.max(...logits)));
    const total = weights.reduce((a, b) => a + b);
    const order = weights.map((_, i) => i).sort((a, b) => (weights[b] as number) - (weights[a] as number));
    const sampler = new TokenSampler(logits.length);
    for (let i = 0; i < 100; i++) {
      const topP = 0.01 + 0.98 * uniform(1, 0, i);
      let size = 0;
      for (let held = 0; held < topP * total; ) held += weights[order[size++] as number] as number;
      const kept = order.slice(0, size);
      let left = uniform(2, 0, i) * kept.reduce((sum, token) => sum + (weights[token] as number), 0);
      const wanted = kept.find((token) => {
        left -= weights[token] as number;
        return left < 0;
      });
      expect(sampler.draw(logits, { ...PLAIN, topP }, uniform(2, 0, i)).token).toBe(wanted);
    }
  });

  it("min-p keeps what is at least that share of the likeliest, alone and after top-k and top-p", () => {
    const kept = (shaping: object) => counts({ ...PLAIN, ...shaping }, 2000).map((count) => count > 0);
    expect(kept({ minP: 0.24 })).toEqual([true, true, true, false, false]);
    expect(kept({ minP: 0.26 })).toEqual([true, true, false, false, false]);
    expect(kept({ minP: 1 })).toEqual([true, false, false, false, false]);
    expect(kept({ minP: 0.24, topK: 2 })).toEqual([true, true, false, false, false]);
    expect(kept({ minP: 0.26, topP: 0.9 })).toEqual([true, true, false, false, false]);
    const expected = [0.5, 0.25, 0.125, 0, 0].map((p) => p / 0.875);
    expect(chiSquare(counts({ ...PLAIN, minP: 0.24 }, 20_000), expected)).toBeLessThan(13.82); // 2 degrees of freedom
  });

  it("min-p looks at the distribution that the temperature made", () => {
    const hot = counts({ ...PLAIN, temperature: 2, minP: 0.4 }, 2000);
    expect(hot.map((count) => count > 0)).toEqual([true, true, true, false, false]); // sqrt(1/4) = 0.5, sqrt(1/8) = 0.35
  });

  it("the repetition penalty divides positive logits of what was seen and multiplies negative ones", () => {
    const sampler = new TokenSampler(4);
    const logits = Float32Array.of(2, 1.5, -1, -1.2);
    const greedy = { ...PLAIN, temperature: 0, repetitionPenalty: 1.5 };
    expect(sampler.draw(logits, greedy, 0, undefined, new Set([0])).token).toBe(1);
    expect(sampler.draw(logits, greedy, 0, undefined, new Set([0, 1])).token).toBe(0);
    expect(sampler.draw(logits.subarray(2), greedy, 0, undefined, new Set()).token).toBe(0);
    const negative = Float32Array.of(Number.NEGATIVE_INFINITY, -9, -1, -1.2);
    expect(sampler.draw(negative, greedy, 0, undefined, new Set([2])).token).toBe(3);
    expect(sampler.draw(logits, greedy, 0, undefined, new Set([0])).logprob).toBeCloseTo(
      1.5 - logSumExp(logits),
      6,
    );
  });

  it("the repetition penalty acts on guided logits", () => {
    const sampler = new TokenSampler(2);
    const shaping = { ...PLAIN, temperature: 0, guidance: 2, repetitionPenalty: 3 };
    const [own, guide] = [Float32Array.of(2, 1), Float32Array.of(1, 1)]; // Guided: 3 and 1, then 1 and 1, then 0.9 and 1.
    expect(sampler.draw(own, shaping, 0, guide).token).toBe(0);
    const more = { ...shaping, repetitionPenalty: 3.3 };
    expect(sampler.draw(own, more, 0, guide, new Set([0])).token).toBe(1);
  });

  it("guides: logits = null + w (conditioned - null)", () => {
    const nullLogits = new Float32Array(5);
    const doubled = counts({ ...PLAIN, guidance: 2 }, 5000, LOGITS, nullLogits);
    expect(doubled).toEqual(
      counts(
        PLAIN,
        5000,
        LOGITS.map((x) => 2 * x),
      ),
    );
    expect(counts({ ...PLAIN, guidance: 0 }, 5000, LOGITS, nullLogits)).toEqual(
      counts(PLAIN, 5000, nullLogits),
    );
  });

  it("reports the log-probability of the conditioned softmax, whatever the shaping", () => {
    const sampler = new TokenSampler(5);
    const shaping = { temperature: 0.3, topP: 0.5, topK: 3, guidance: 3 };
    const { token, logprob } = sampler.draw(LOGITS, shaping, 0.2, new Float32Array(5));
    expect(token).toBe(0);
    expect(logprob).toBeCloseTo(Math.log(0.5), 6);
  });

  it("never draws a token of probability 0, at either end of the unit interval", () => {
    const sampler = new TokenSampler(4);
    const logits = Float32Array.of(Number.NEGATIVE_INFINITY, 0, 0, Number.NEGATIVE_INFINITY);
    expect(sampler.draw(logits, PLAIN, 0).token).toBe(1);
    expect(sampler.draw(logits, PLAIN, 1 - 2 ** -53).token).toBe(2);
  });
});

describe("a broken model's output", () => {
  const broken = [Float32Array.of(1, Number.NaN, 2), Float32Array.of(1, Number.POSITIVE_INFINITY, 2)];
  const sampler = new TokenSampler(3);

  it.each([PLAIN, { ...PLAIN, temperature: 0 }, { ...PLAIN, temperature: 0.5, topK: 2 }])(
    "is refused, not drawn from: %o",
    (shaping) => {
      for (const logits of broken) {
        expect(() => sampler.draw(logits, shaping, 0.5)).toThrow("not numbers");
      }
    },
  );

  it("is refused as the null prompt's, too", () => {
    const shaping = { ...PLAIN, guidance: 2 };
    for (const logits of broken) {
      expect(() => sampler.draw(Float32Array.of(1, 2, 3), shaping, 0.5, logits)).toThrow("not numbers");
    }
  });
});

describe("logSumExp", () => {
  it("does not overflow", () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.log(2), 9);
  });
});
