import { describe, expect, test } from "vitest";
import { deviceChoice } from "../../src/app/engine/device";
import { sumProgress } from "../../src/app/engine/sumProgress";
import { problem, RULES, readNumber } from "../../src/app/fields";
import { bytes, duration, moment, timeOfDay } from "../../src/app/format";

describe("numbers that people type", () => {
  test("pass inside their range, ends included", () => {
    expect(readNumber("1", RULES.count)).toBe(1);
    expect(readNumber(" 16 ", RULES.count)).toBe(16);
    expect(readNumber("4294967295", RULES.seed)).toBe(4294967295);
    expect(readNumber(".5", RULES.topP)).toBe(0.5);
    expect(readNumber("100000", RULES.topK)).toBe(100000);
  });

  test.each(["-1", "2.5", "Infinity"])("%j is no top-k, which has no largest number", (text) => {
    expect(problem(() => readNumber(text, RULES.topK))).toBe(
      `invalid top-k: "${text}"; expected a whole number of 0 or more`,
    );
  });

  test.each(["", "  ", "seven", "0", "17", "1.5", "Infinity", "NaN"])(
    "%j is no count, and said to be none",
    (text) => {
      expect(problem(() => readNumber(text, RULES.count))).toBe(
        `invalid number of completions: ${JSON.stringify(text)}; expected a whole number from 1 to 16`,
      );
    },
  );
});

test("the address forces a device, and a wrong one is named", () => {
  expect(deviceChoice("")).toBe("auto");
  expect(deviceChoice("?device=wasm")).toBe("wasm");
  expect(deviceChoice("?x=1&device=webgpu")).toBe("webgpu");
  expect(() => deviceChoice("?device=cpu")).toThrow('invalid device: "cpu"; expected wasm or webgpu');
});

test("the loads of two models are shown as one, and one that has come still counts", () => {
  const progress = (step: string, receivedBytes: number, totalBytes: number) => {
    return { step, receivedBytes, totalBytes };
  };
  expect(sumProgress([{ kind: "loading", progress: null }, { kind: "closed" }])).toBeNull();
  const policy = { kind: "loading", progress: progress("policy", 1, 10) } as const;
  const judge = { kind: "loading", progress: progress("judge", 2, 5) } as const;
  expect(sumProgress([policy, judge])).toEqual(progress("policy", 3, 15));
  const ready = { kind: "ready", model: {}, progress: progress("policy", 10, 10) } as const;
  expect(sumProgress([ready, judge])).toEqual(progress("judge", 12, 15));
  expect(sumProgress([ready, ready])).toBeNull();
});

test("bytes and times as people read them", () => {
  expect([0, 999, 1000, 20006160, 104_000_000].map(bytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "20.0 MB",
    "104 MB",
  ]);
  expect([0.2, 59, 89, 90, 3599, 4800].map(duration)).toEqual([
    "1 s",
    "59 s",
    "89 s",
    "2 min",
    "1 h 0 min",
    "1 h 20 min",
  ]);
});

test("a time is local, its hours counted to 24", () => {
  const evening = new Date(2026, 10, 3, 20, 5, 9).getTime();
  expect(timeOfDay(evening)).toBe("20:05:09");
  expect(moment(evening)).toBe("Nov 3, 2026, 20:05");
  expect(timeOfDay(new Date(2026, 10, 3).getTime())).toBe("00:00:00");
});
