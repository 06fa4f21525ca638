import { hasCode } from "../domain/errors";

/**
 * Yields what each part does, one after another. Where an endpoint's filter holds an answer of a part back, the parts after it are
 * gone through all the same.
 * @throws what a part throws; "answer-filtered", the first, after the last part.
 */
export async function* pastFilters<Item>(parts: readonly AsyncIterable<Item>[]): AsyncGenerator<Item, void> {
  let filtered: unknown = null;
  for (const part of parts) {
    try {
      yield* part;
    } catch (error) {
      if (!hasCode(error, "answer-filtered")) throw error;
      filtered ??= error;
    }
  }
  if (filtered !== null) throw filtered;
}
