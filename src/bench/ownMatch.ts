import type { MatchContestant } from "../experiments/benchMatch";
import { match } from "../experiments/match";
import type { Policy } from "../runtimes/policy";
import type { RewardModel } from "../runtimes/rewardModel";
import type { MatchOf } from "./matchOf";

/** A match as the page and the command line run it: rows in a batch, the judge beside the policy. */
export function ownMatch(options: MatchOf, policy: Policy, judge: RewardModel): MatchContestant {
  return {
    name: "Reward Dial",
    mostRows: Number.POSITIVE_INFINITY,
    async run(seed, from, rows) {
      const start = performance.now();
      let tokens = 0;
      for await (const event of match(options(seed, from, rows), policy, judge)) {
        if (event.kind === "progress") tokens = event.tokens;
      }
      return { total: performance.now() - start, tokens };
    },
  };
}
