import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  candidateSeed,
  permutation,
  philox4x32,
  randomSource,
  STREAM,
  uniform,
} from "../../src/domain/random";

const uint32 = fc.integer({ min: 0, max: 0xffffffff });

describe("philox4x32", () => {
  // Known answers published with the generator (Random123, kat_vectors).
  test.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)("gives the published numbers for counter %j, key %j", (counter, key, expected) => {
    expect(philox4x32(counter, key)).toEqual(expected);
  });
});

describe("uniform", () => {
  test("is in [0, 1) and the same every time", () => {
    fc.assert(
      fc.property(uint32, uint32, uint32, (seed, row, position) => {
        const value = uniform(seed, row, position);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
        expect(uniform(seed, row, position)).toBe(value);
      }),
    );
  });

  test("fills [0, 1) evenly along each coordinate", () => {
    for (const draw of [
      (n: number) => uniform(n, 0, 0),
      (n: number) => uniform(0, n, 0),
      (n: number) => uniform(0, 0, n),
    ]) {
      const counts = Array<number>(10).fill(0);
      for (let n = 0; n < 10_000; n++)
        counts[Math.floor(draw(n) * 10)] = (counts[Math.floor(draw(n) * 10)] ?? 0) + 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      expect(chiSquare).toBeLessThan(27.88); // p = 0.001, 9 degrees of freedom
    }
  });
});

describe("random sources", () => {
  test("of another stream, row or seed give other numbers", () => {
    const first = (source: { uniform(): number }) => source.uniform();
    const values = [
      first(randomSource(1, STREAM.target)),
      first(randomSource(1, STREAM.shuffle)),
      first(randomSource(1, STREAM.target, 1)),
      first(randomSource(2, STREAM.target)),
      uniform(1, 0, 0),
    ];
    expect(new Set(values).size).toBe(values.length);
  });

  test("permute without losing anything", () => {
    fc.assert(
      fc.property(uint32, fc.integer({ min: 0, max: 200 }), (seed, length) => {
        const order = permutation(length, randomSource(seed, STREAM.shuffle));
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, index) => index));
      }),
    );
  });

  test("give each candidate of a row its own seed, the first the run's", () => {
    expect(candidateSeed(7, 0)).toBe(7);
    expect(new Set(Array.from({ length: 1000 }, (_, k) => candidateSeed(7, k))).size).toBe(1000);
  });
});
