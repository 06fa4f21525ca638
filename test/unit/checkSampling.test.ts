import { describe, expect, it } from "vitest";
import { checkSampling, plainSampling, wholeSampling } from "../../src/runtimes/checkSampling";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";

describe("checkSampling", () => {
  it.each([
    ["temperature", { temperature: -0.1 }],
    ["temperature", { temperature: Number.NaN }],
    ["top-p", { topP: 0 }],
    ["top-p", { topP: 1.01 }],
    ["top-k", { topK: 1.5 }],
    ["top-k", { topK: -1 }],
    ["min-p", { minP: 1.5 }],
    ["repetition penalty", { repetitionPenalty: 0 }],
    ["tokens", { maxTokens: 0 }],
    ["guidance", { guidance: Number.POSITIVE_INFINITY }],
  ])("refuses a wrong %s: %o", (name, change) => {
    const value = Object.values(change)[0];
    expect(() => checkSampling({ ...DEFAULT_SAMPLING, ...change })).toThrow(`invalid ${name}: ${value}`);
  });

  it("refuses a stop text that is empty", () => {
    expect(() => checkSampling({ ...DEFAULT_SAMPLING, stop: ["a", ""] })).toThrow('invalid stop text: ""');
  });

  it("passes the ends of each range", () => {
    const ends = { temperature: 0, topP: 1, topK: 0, maxTokens: 1, guidance: 0, minP: 1, stop: [] };
    expect(checkSampling(ends)).toBe(ends);
  });
});

describe("plainSampling", () => {
  it.each([{}, { minP: 0.1 }, { repetitionPenalty: 1.2 }, { stop: ["a"] }])(
    "leaves out the rest of %o",
    (set) => {
      const sampling = { ...DEFAULT_SAMPLING, ...set };
      expect(plainSampling(wholeSampling(sampling))).toEqual(sampling);
    },
  );

  it("keeps the order of the headers that runs have", () => {
    const { guidance, maxTokens, ...first } = DEFAULT_SAMPLING;
    const whole = { ...first, minP: 0.1, repetitionPenalty: 1.2, stop: ["a"], maxTokens, guidance };
    const turned = Object.fromEntries(Object.entries(whole).toReversed()) as typeof whole;
    expect(JSON.stringify(plainSampling(turned))).toBe(JSON.stringify(whole));
  });
});
