import { DialError } from "../../domain/errors";
import type { OpenedModel } from "./workerApi";

/**
 * A worker that takes the place of a dead one must have the files of the first: a run has recorded those.
 * @throws DialError "model-damaged".
 */
export function checkSameModels(first: OpenedModel, { models }: OpenedModel): void {
  const paths = Object.keys({ ...first.models, ...models });
  if (paths.some((path) => models[path] !== first.models[path])) {
    throw new DialError(
      "model-damaged",
      "the models have changed since this page was opened; reload it",
      true,
    );
  }
}
