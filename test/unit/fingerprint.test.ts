import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, fingerprintShare } from "../../src/domain/fingerprint";

const texts = fc.array(fc.string({ unit: "binary", maxLength: 20 }), { maxLength: 40 });

describe("a fingerprint", () => {
  test("is one of its text alone", () => {
    fc.assert(
      fc.property(texts, (found) => {
        expect(new Set(found.map(fingerprint)).size).toBe(new Set(found).size);
        for (const text of found) expect(fingerprint(`${text}`)).toBe(fingerprint(text));
      }),
    );
  });

  test("tells texts apart that differ in one place, in order or in trailing NULs", () => {
    const long = "Boil the eggs. ".repeat(20);
    const different = [
      ...Array.from({ length: long.length }, (_, at) => `${long.slice(0, at)}~${long.slice(at + 1)}`),
      ...Array.from({ length: 40 }, (_, length) => "\0".repeat(length)),
      "abcdefgh12345678",
      "12345678abcdefgh",
    ];
    expect(new Set(different.map(fingerprint)).size).toBe(different.length);
  });

  test("is a whole number below 2^53, spread evenly", () => {
    const shares = Array.from({ length: 20_000 }, (_, k) => {
      const print = fingerprint(`How do I boil ${k} eggs?`);
      expect(Number.isSafeInteger(print) && print >= 0).toBe(true);
      return fingerprintShare(print);
    });
    for (const limit of [0.1, 0.5, 0.9]) {
      const below = shares.filter((share) => share < limit).length / shares.length;
      expect(Math.abs(below - limit)).toBeLessThan(0.015);
    }
  });
});
