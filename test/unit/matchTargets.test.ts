import { describe, expect, test } from "vitest";
import { matchCondition, targetsName } from "../../src/experiments/matchTargets";
import { targetsOf } from "../../src/experiments/studies/targetsOf";

const REFERENCE = { helpful: [0], harmless: [0], joint: [[0.2, 0.9]] } as const;
const asked = (...options: Parameters<typeof matchCondition>) => {
  const { sampler, promptedSampler = sampler } = targetsOf(matchCondition(...options), REFERENCE);
  return [0, 1, 2].map((row) => [sampler(1, row), promptedSampler(1, row)]);
};

describe("the targets of a match", () => {
  test("are drawn on both axes, or on the one that the policy knows", () => {
    const both = { helpful: 0.2, harmless: 0.9 };
    expect(asked("in-range", {})[0]).toEqual([both, both]);
    expect(asked("in-range", { axes: ["helpful"] })[0]).toEqual([{ helpful: 0.2 }, { helpful: 0.2 }]);
  });

  test("are those of both axes for a policy that knows no rewards: its match is a control", () => {
    expect(asked("in-range", { axes: [] })[0]?.[0]).toEqual({ helpful: 0.2, harmless: 0.9 });
  });

  test("are the user's own, row by row", () => {
    const own = [{ helpful: 0.1 }, { helpful: 0.7, harmless: 0.3 }];
    expect(asked(own, {}).map(([target]) => target)).toEqual([own[0], own[1], own[0]]);
    expect([targetsName(own), targetsName("high")]).toEqual(["2 own", "high"]);
  });

  test("differ from those in the prompts where they are shuffled", () => {
    for (const [target, prompted] of asked("uniform", {}, true)) expect(prompted).not.toEqual(target);
  });
});
