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

const loaded =
  (judge: RewardModel = fakeJudge()) =>
  async () =>
    judge;

describe("the completions of Play", () => {
  test("are all written and scored", async () => {
    const slots = newSlots(6);
    await fillSlots(slots, request(), { policy: fakePolicy(), loadJudge: loaded() }, never);
    for (const { index, text, state } of slots) {
      expect(state.value).toMatchObject({ kind: "done", row: { row: index, completion: text.value } });
    }
  });

  test("keep their scores when the policy dies; the rest is made later, as it would have been", async () => {
    const slots = newSlots(6);
    const dying = { policy: fakePolicy({ dieAfter: 4 }), loadJudge: loaded(slowJudge(20)) };
    await expect(fillSlots(slots, request(), dying, never)).rejects.toThrow("the policy's worker died");
    expect(kinds(slots)).toEqual(["waiting", "waiting", "done", "done", "done", "done"]);
    const policy = fakePolicy();
    await fillSlots(slots, request(), { policy, loadJudge: loaded() }, never);
    expect(policy.calls[0]).toHaveLength(2);
    const whole = newSlots(6);
    await fillSlots(whole, request(), { policy: fakePolicy(), loadJudge: loaded() }, never);
    expect(slots.map(({ text }) => text.value)).toEqual(whole.map(({ text }) => text.value));
  });

  test("end at once when the judge dies, with the judge's error", async () => {
    const slots = newSlots(100);
    const judge: RewardModel = {
      name: "dead",
      score: () => Promise.reject(new DialError("worker-died", "the judge's worker died", true)),
    };
    const run = fillSlots(
      slots,
      request({ count: 100 }),
      { policy: fakePolicy(), loadJudge: loaded(judge) },
      never,
    );
    await expect(run).rejects.toThrow("the judge's worker died");
    expect(kinds(slots).filter((kind) => kind === "waiting").length).toBeGreaterThan(90);
  });

  test("do not wait for the judge, which loads when the first token is there", async () => {
    const slots = newSlots(2);
    const happened: string[] = [];
    const policy: Policy = {
      name: "telling",
      async *sample(requests, { onToken } = {}) {
        happened.push("asked");
        await Promise.resolve();
        for (const index of requests.keys()) {
          onToken?.(index, "0.5");
          happened.push("token");
          yield {
            index,
            completion: { prompted: "", text: "0.5 0.5", tokens: 1, logprob: -1, finish: "stop" },
          };
        }
        happened.push("written");
      },
    };
    const loadJudge = async () => {
      happened.push("judge asked for");
      await new Promise((resolve) => setTimeout(resolve, 20));
      happened.push("judge there");
      return fakeJudge();
    };
    await fillSlots(slots, request({ count: 2 }), { policy, loadJudge }, never);
    expect(happened).toEqual(["asked", "judge asked for", "token", "token", "written", "judge there"]);
    expect(kinds(slots)).toEqual(["done", "done"]);
  });

  test("end at once when the judge cannot be loaded, which is tried once", async () => {
    let loads = 0;
    const loadJudge = async (): Promise<RewardModel> => {
      loads++;
      throw new DialError("model-missing", "there is no judge", true);
    };
    const slots = newSlots(100);
    const run = fillSlots(slots, request({ count: 100 }), { policy: fakePolicy(), loadJudge }, never);
    await expect(run).rejects.toThrow("there is no judge");
    expect(loads).toBe(1);
    expect(kinds(slots).filter((kind) => kind === "waiting").length).toBeGreaterThan(90);
  });

  test("obey a stop while the judge loads", async () => {
    const stop = new AbortController();
    const loadJudge = () => {
      setTimeout(() => stop.abort(), 10);
      return new Promise<RewardModel>(() => {});
    };
    const run = fillSlots(newSlots(2), request(), { policy: fakePolicy(), loadJudge }, stop.signal);
    await expect(run).rejects.toMatchObject({ code: "aborted" });
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
      { policy: fakePolicy(), loadJudge: loaded(judge) },
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
    await fillSlots(slots, request({ count: 1, bestOf: 3 }), { policy, loadJudge: loaded() }, never);
    expect(slots[0]?.state.value).toMatchObject({
      kind: "done",
      finish: "stop",
      row: { completion: "0.5 0.5" },
    });
  });
});
