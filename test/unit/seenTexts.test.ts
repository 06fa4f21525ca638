import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeenTexts } from "../../src/domain/seenTexts";

describe("seen texts", () => {
  test("are new once", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", maxLength: 20 }), { maxLength: 40 }), (texts) => {
        const seen = new SeenTexts();
        const found = texts.filter((text) => seen.add(text));
        expect(found).toEqual([...new Set(texts)]);
      }),
    );
  });

  test("that differ in one place, in order or in trailing NULs are told apart", () => {
    const long = "Boil the eggs. ".repeat(20);
    const texts = [
      ...Array.from({ length: long.length }, (_, at) => `${long.slice(0, at)}~${long.slice(at + 1)}`),
      ...Array.from({ length: 40 }, (_, length) => "\0".repeat(length)),
      "abcdefgh12345678",
      "12345678abcdefgh",
    ];
    const seen = new SeenTexts();
    expect(texts.filter((text) => !seen.add(text))).toEqual([]);
    expect(texts.filter((text) => seen.add(text))).toEqual([]);
  });
});
