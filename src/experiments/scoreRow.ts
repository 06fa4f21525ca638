import { formatTranscript } from "../domain/dialogue";
import { AXES, type RewardVector, type Target } from "../domain/reward";
import type { Row } from "../domain/row";
import type { CompletionRequest } from "../runtimes/policy";
import type { RewardModel, Score } from "../runtimes/rewardModel";
import type { SampledRow } from "./sampleRows";

export interface ScoredRow {
  readonly row: Row;
  /** Index of the candidate that the row was made of. */
  readonly kept: number;
}

/** Scores a row's candidates and keeps the one nearest to the target, the first of equals. */
export async function scoreRow(
  { plan, candidates }: SampledRow,
  judge: RewardModel,
  heldout: RewardModel | undefined,
  signal: AbortSignal,
): Promise<ScoredRow> {
  const { dialogue: prompt, target } = plan;
  const scores = await judge.score(
    candidates.map(({ text }) => ({ prompt, completion: text })),
    { signal },
  );
  const kept = nearest(
    scores.map(({ percentile }) => percentile),
    target,
  );
  const completion = candidates[kept] as SampledRow["candidates"][number];
  const second = await heldout?.score([{ prompt, completion: completion.text }], { signal });
  const heldoutReward = second?.[0]?.percentile;
  const row = {
    row: plan.row,
    seed: (plan.requests[kept] as CompletionRequest).seed,
    prompt: formatTranscript(prompt),
    target,
    prompted: completion.prompted,
    completion: completion.text,
    tokens: completion.tokens,
    logprob: completion.logprob,
    actual: (scores[kept] as Score).percentile,
    ...(heldoutReward === undefined ? {} : { heldout: heldoutReward }),
  };
  return { row, kept };
}

/** Index of the reward at the smallest Euclidean distance, over the axes that the target gives. */
export function nearest(rewards: readonly RewardVector[], target: Target): number {
  const distances = rewards.map((reward) =>
    Math.hypot(...AXES.map((axis) => (target[axis] === undefined ? 0 : reward[axis] - target[axis]))),
  );
  return distances.indexOf(Math.min(...distances));
}
