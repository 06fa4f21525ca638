/** A policy and a judge small enough to reason about: a completion is its reward, written out. */

import { DialError } from "../../../src/domain/errors";
import { uniform } from "../../../src/domain/random";
import type { RewardVector } from "../../../src/domain/reward";
import type { CompletionRequest, Policy } from "../../../src/runtimes/policy";
import type { RewardModel } from "../../../src/runtimes/rewardModel";

export interface FakePolicy extends Policy {
  /** Requests of each call of `sample`. */
  readonly calls: CompletionRequest[][];
}

/**
 * Completes with "helpful harmless": the target plus noise in ±0.5 `noise`, from (seed, row) alone.
 * Finishes the requests of a call from the last to the first; fails at the `dieAfter`-th completion, and as an endpoint whose
 * filter holds back what is asked for in `filteredRow`.
 */
export function fakePolicy({ noise = 0.4, dieAfter = Infinity, filteredRow = -1 } = {}): FakePolicy {
  const calls: CompletionRequest[][] = [];
  let finished = 0;
  return {
    name: "fake",
    calls,
    async *sample(requests, { signal } = {}) {
      calls.push([...requests]);
      for (let index = requests.length - 1; index >= 0; index--) {
        await new Promise((resolve) => setTimeout(resolve));
        if (signal?.aborted) throw new DialError("aborted", "stopped");
        if (finished++ >= dieAfter) throw new DialError("worker-died", "the policy's worker died", true);
        const { seed, row, target } = requests[index] as CompletionRequest;
        if (row === filteredRow) continue;
        const value = (wanted: number | undefined, position: number): number =>
          clamp((wanted ?? 0.5) + noise * (uniform(seed, row, position) - 0.5));
        yield {
          index,
          completion: {
            prompted: JSON.stringify(target),
            text: `${value(target?.helpful, 0)} ${value(target?.harmless, 1)}`,
            tokens: 1 + Math.floor(90 * uniform(seed, row, 2)),
            logprob: -1,
            finish: "stop",
          },
        };
      }
      if (requests.some(({ row }) => row === filteredRow))
        throw new DialError("answer-filtered", "the filter stepped in");
    },
  };
}

/** Reads the rewards that the fake policy wrote; fails at the `dieAfter`-th call. */
export function fakeJudge({ dieAfter = Infinity } = {}): RewardModel {
  let calls = 0;
  return {
    name: "fake",
    async score(examples, { signal } = {}) {
      await new Promise((resolve) => setTimeout(resolve));
      if (calls++ >= dieAfter) throw new DialError("worker-died", "the judge's worker died", true);
      if (signal?.aborted) throw new DialError("aborted", "stopped");
      return examples.map(({ completion }) => {
        const [helpful = 0, harmless = 0] = completion.split(" ").map(Number);
        const percentile: RewardVector = { helpful, harmless };
        return { percentile, raw: percentile };
      });
    },
  };
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
