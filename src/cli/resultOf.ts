/**
 * What a generator returns at its end; `each` gets what it yields. Where `each` throws, the generator is ended first, so
 * that no model is closed under a row on its way.
 */
export async function resultOf<Item, Result>(
  run: AsyncGenerator<Item, Result>,
  each: (item: Item) => Promise<void>,
): Promise<Result> {
  let result: Result | undefined;
  const items = async function* (): AsyncGenerator<Item, void> {
    result = yield* run;
  };
  for await (const item of items()) await each(item);
  return result as Result;
}
