/** What each way from raw score to reward does to a set of completions, and to the prompt that is written. */

import { type RewardBins, rewardBins } from "../../domain/dataset/rewardBins";
import { NORMALISERS, type NormaliserName, rewardScale } from "../../domain/dataset/rewardScale";
import { quantile } from "../../domain/normaliser";
import type { Reference } from "../../domain/reference";
import type { RewardVector } from "../../domain/reward";
import { type PromptFormat, rewardBlock } from "../../domain/rewardPrompt";

export interface NormaliserView {
  readonly name: NormaliserName;
  /** Rewards of the reference completions. */
  readonly bins: RewardBins;
  /** The reward of one completion, and the lines that its prompt would have. */
  readonly reward: RewardVector;
  readonly block: string;
}

/** @param at percentiles of the completion that the prompt is about, in [0, 1]. */
export function normaliserViews(
  reference: Reference,
  at: RewardVector,
  format: PromptFormat,
): NormaliserView[] {
  const { helpful, harmless } = reference;
  const scores = helpful.map((score, index) => ({
    helpful: score,
    harmless: quantile((index + 0.5) / helpful.length, harmless),
  }));
  const example = {
    helpful: quantile(at.helpful, helpful),
    harmless: quantile(at.harmless, harmless),
  };
  return NORMALISERS.map((name) => {
    const scale = rewardScale(name, reference, scores);
    const reward = scale(example);
    return { name, bins: rewardBins(scores.map(scale)), reward, block: rewardBlock(reward, format) };
  });
}
