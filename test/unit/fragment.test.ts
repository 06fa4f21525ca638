import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeFragment, encodeFragment } from "../../src/storage/fragment";

const DEFAULTS = { "play.helpful": "0.80", "play.dialogue": '["Hello?"]', "match.n": "100" };

describe("the address's fragment", () => {
  test("holds only what differs from the defaults", () => {
    expect(encodeFragment("play", DEFAULTS, DEFAULTS)).toBe("#/play");
    expect(encodeFragment("match", { ...DEFAULTS, "match.n": "20" }, DEFAULTS)).toBe("#/match?match.n=20");
  });

  test("gives back any text, wrong values too", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), (helpful, dialogue) => {
        const values = {
          ...DEFAULTS,
          "play.helpful": helpful,
          "play.dialogue": dialogue,
        };
        expect(decodeFragment(encodeFragment("play", values, DEFAULTS), DEFAULTS)).toEqual({
          view: "play",
          values,
        });
      }),
    );
  });

  test("leaves out names that there are not", () => {
    expect(decodeFragment("#/play?play.helpful=0.1&nonsense=1", DEFAULTS).values).toEqual({
      ...DEFAULTS,
      "play.helpful": "0.1",
    });
  });

  test("an empty one gives the defaults", () => {
    expect(decodeFragment("", DEFAULTS)).toEqual({ view: "", values: DEFAULTS });
  });
});
