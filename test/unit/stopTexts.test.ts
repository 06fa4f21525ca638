import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutAtStop, withoutBegunStop } from "../../src/domain/stopTexts";

describe("cutAtStop", () => {
  it("cuts before the stop text that begins first", () => {
    expect(cutAtStop("one two three", ["three", "two"])).toEqual({ text: "one ", stopped: true });
    expect(cutAtStop("one two", ["four"])).toEqual({ text: "one two", stopped: false });
    expect(cutAtStop("one two", [])).toEqual({ text: "one two", stopped: false });
  });
});

describe("withoutBegunStop", () => {
  it("holds back the longest end that a stop text may begin with", () => {
    expect(withoutBegunStop("Hi\n\nHum", ["\n\nHuman:", "\n\n\n"])).toBe("Hi");
    expect(withoutBegunStop("Hi there", ["\n\nHuman:"])).toBe("Hi there");
    expect(withoutBegunStop("aab", ["aabc", "bc"])).toBe("");
  });

  it("never shows what is cut later, and shows all that no stop text can still take", () => {
    const letters = fc.stringMatching(/^[ab]{0,9}$/);
    fc.assert(
      fc.property(letters, letters, fc.array(fc.stringMatching(/^[ab]{1,3}$/)), (text, more, stops) => {
        if (cutAtStop(text, stops).stopped) return;
        const shown = withoutBegunStop(text, stops);
        expect(cutAtStop(text + more, stops).text.startsWith(shown)).toBe(true);
        const held = text.slice(shown.length);
        expect(held === "" || stops.some((stop) => stop.startsWith(held) && stop !== held)).toBe(true);
      }),
    );
  });
});
