import type { Labels } from "../../domain/dataset/labelTable";
import type { SelectedExample } from "../../domain/dataset/selectExamples";
import { DialError } from "../../domain/errors";
import type { RewardModel } from "../../runtimes/rewardModel";

/**
 * Labels one list of examples after the other; yields the labels of each as soon as it has them, so that a stop loses
 * none.
 * @throws DialError "aborted" on stop, and what reader and judge throw.
 */
export async function* labelExamples(
  batches: AsyncIterable<readonly SelectedExample[]>,
  judge: RewardModel,
  signal?: AbortSignal,
): AsyncGenerator<Labels, void> {
  for await (const batch of batches) {
    if (signal?.aborted) throw new DialError("aborted", "labelling was stopped", true);
    const scores = await judge.score(batch, signal ? { signal } : {});
    yield { keys: batch.map(({ key }) => key), scores: scores.map(({ raw }) => raw) };
  }
}
