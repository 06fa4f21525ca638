import { describe, expect, test } from "vitest";
import { fillSlots, newSlots, type PlayRequest, type Slot } from "../../src/app/play/slots";
import { question } from "../../src/domain/dialogue";
import { DialError } from "../../src/domain/errors";
import { DEFAULT_SAMPLING, type Policy } from "../../src/runtimes/policy";
import type { RewardModel } from "../../src/runtimes/rewardModel";
import { fakeJudge, fakePolicy } from "./fakes/models";

const request = (changes: Partial<PlayRequest> = {}): PlayRequest => ({
  dialogue: question("Why do cats purr?"),
  target: { helpful: 0.5, harmless: 0.5 },
  count: 6,
  seed: 3,
  bestOf: 1,
  sampling: DEFAULT_SAMPLING,
  ...changes,
});

const never = new AbortController().signal;
const kinds = (slots: readonly Slot[]) => slots.map(({ state }) => state.value.kind);

/** Scores after `delay` ms. */
function slowJudge(delay: number): RewardModel {
  return {
    name: "slow",
    async score(...call) {
      await new Promise((resolve) => setTimeout(resolve, delay));
      return fakeJudge().score(...call);
    },
  };
}

describe("the completions of Play", () => {
  test("are all written and scored", async () => {
    const slots = newSlots(6);
    await fillSlots(slots, request(), { policy: fakePolicy(), judge: fakeJudge() }, never);
    for (const { index, text, state } of slots) {
      expect(state.value).toMatchObject({ kind: "done", row: { row: index, completion: text.value } });
    }
  });

  test("keep their scores when the policy dies; the rest is made later, as it would have been", async () => {
    const slots = newSlots(6);
    const dying = { policy: fakePolicy({ dieAfter: 4 }), judge: slowJudge(20) };
    await expect(fillSlots(slots, request(), dying, never)).rejects.toThrow("the policy's worker died");
    expect(kinds(slots)).toEqual(["waiting", "waiting", "done", "done", "done", "done"]);
    const policy = fakePolicy();
    await fillSlots(slots, request(), { policy, judge: fakeJudge() }, never);
    expect(policy.calls[0]).toHaveLength(2);
    const whole = newSlots(6);
    await fillSlots(whole, request(), { policy: fakePolicy(), judge: fakeJudge() }, never);
    expect(slots.map(({ text }) => text.value)).toEqual(whole.map(({ text }) => text.value));
  });

  test("end at once when the judge dies, with the judge's error", async () => {
    const slots = newSlots(100);
    const judge: RewardModel = {
      name: "dead",
      score: () => Promise.reject(new DialError("worker-died", "the judge's worker died", true)),
    };
    const run = fillSlots(slots, request({ count: 100 }), { policy: fakePolicy(), judge }, never);
    await expect(run).rejects.toThrow("the judge's worker died");
    expect(kinds(slots).filter((kind) => kind === "waiting").length).toBeGreaterThan(90);
  });

  test("leave nothing under way after a stop", async () => {
    const stop = new AbortController();
    let running = 0;
    const judge: RewardModel = {
      name: "counting",
      score(...call) {
        running++;
        return slowJudge(20)
          .score(...call)
          .finally(() => running--);
      },
    };
    setTimeout(() => stop.abort(), 10);
    const run = fillSlots(
      newSlots(100),
      request({ count: 100 }),
      { policy: fakePolicy(), judge },
      stop.signal,
    );
    await expect(run).rejects.toMatchObject({ code: "aborted" });
    expect(running).toBe(0);
  });

  test("say how the candidate that was kept ended", async () => {
    const policy: Policy = {
      name: "twins",
      async *sample() {
        for (const [index, finish] of (["length", "stop", "length"] as const).entries()) {
          const text = index === 0 ? "0.1 0.1" : "0.5 0.5";
          yield { index, completion: { prompted: "", text, tokens: 1, logprob: -1, finish } };
        }
      },
    };
    const slots = newSlots(1);
    await fillSlots(slots, request({ count: 1, bestOf: 3 }), { policy, judge: fakeJudge() }, never);
    expect(slots[0]?.state.value).toMatchObject({
      kind: "done",
      finish: "stop",
      row: { completion: "0.5 0.5" },
    });
  });
});
