import { describe, expect, it } from "vitest";
import { DialError } from "../../src/domain/errors";
import { eventsOf } from "../../src/runtimes/local/eventsOf";
import { sampleInBatches } from "../../src/runtimes/local/sampleBatches";
import type { SampleEvents } from "../../src/runtimes/local/workerApi";
import type { Completion, Policy, SampleOptions } from "../../src/runtimes/policy";

const completion = (text: string): Completion => ({
  prompted: "",
  text,
  tokens: 1,
  logprob: -1,
  finish: "stop",
});

/** Writes three tokens to each of n completions, then finishes them in reverse order. */
function policyOf(n: number, fails = false): Policy {
  return {
    name: "test",
    async *sample(_, { onToken }: SampleOptions = {}) {
      for (const text of ["a", "ab", "abc"]) for (let index = 0; index < n; index++) onToken?.(index, text);
      for (let index = n - 1; index >= 0; index--) yield { index, completion: completion("abc") };
      if (fails) throw new DialError("worker-died", "gone", true);
    },
  };
}

describe("sampleInBatches", () => {
  it("sends few batches, the newest text of each completion, and everything before it resolves", async () => {
    const batches: SampleEvents[] = [];
    let delivered = 0;
    const send = async (events: SampleEvents) => {
      batches.push(events);
      await new Promise((resolve) => setTimeout(resolve, 5));
      delivered++;
    };
    await sampleInBatches(policyOf(40), [], send, new AbortController().signal);
    expect(batches.length).toBeLessThan(5);
    expect(delivered).toBe(batches.length);
    expect(new Map(batches.flatMap(({ texts }) => texts))).toEqual(
      new Map(Array.from({ length: 40 }, (_, i) => [i, "abc"])),
    );
    expect(batches.flatMap(({ completions }) => completions.map(({ index }) => index))).toEqual(
      Array.from({ length: 40 }, (_, i) => 39 - i),
    );
  });

  it("delivers what was finished before a failure", async () => {
    const done: number[] = [];
    const send = async ({ completions }: SampleEvents) => {
      done.push(...completions.map(({ index }) => index));
    };
    await expect(sampleInBatches(policyOf(2, true), [], send, new AbortController().signal)).rejects.toThrow(
      "gone",
    );
    expect(done).toEqual([1, 0]);
  });
});

describe("sampleInBatches, where an early batch is not taken", () => {
  it("throws it once sampling is over", async () => {
    const slow: Policy = {
      name: "slow",
      async *sample() {
        for (const index of [0, 1, 2]) {
          yield { index, completion: completion("a") };
          await new Promise((resolve) => setTimeout(resolve, 60));
        }
      },
    };
    const sent: number[] = [];
    const send = async ({ completions }: SampleEvents) => {
      sent.push(...completions.map(({ index }) => index));
      if (sent.length === 1) throw new Error("not taken");
    };
    await expect(sampleInBatches(slow, [], send, new AbortController().signal)).rejects.toThrow("not taken");
    expect(sent).toEqual([0, 1, 2]);
  });
});

describe("eventsOf", () => {
  const finished = (index: number) => ({ texts: [], completions: [{ index, completion: completion("x") }] });

  it("yields what is delivered, and reports texts at once", async () => {
    const texts: string[] = [];
    const call = async (deliver: (events: SampleEvents) => void) => {
      deliver({ texts: [[3, "a"]], completions: [] });
      await new Promise((resolve) => setTimeout(resolve));
      deliver(finished(3));
      deliver(finished(4));
    };
    const found: number[] = [];
    for await (const { index } of eventsOf(call, (index, text) => texts.push(`${index}${text}`)))
      found.push(index);
    expect(found).toEqual([3, 4]);
    expect(texts).toEqual(["3a"]);
  });

  it("yields what came before a failure, then throws it", async () => {
    const call = async (deliver: (events: SampleEvents) => void) => {
      deliver(finished(0));
      throw new DialError("worker-died", "gone", true);
    };
    const events = eventsOf(call);
    expect((await events.next()).value).toMatchObject({ index: 0 });
    await expect(events.next()).rejects.toMatchObject({ code: "worker-died" });
  });

  it("stops the call when it is left early", async () => {
    let signal: AbortSignal | undefined;
    const call = (deliver: (events: SampleEvents) => void, stop: AbortSignal) => {
      signal = stop;
      deliver(finished(0));
      return new Promise<void>(() => {});
    };
    for await (const _ of eventsOf(call)) break;
    expect(signal?.aborted).toBe(true);
  });
});
