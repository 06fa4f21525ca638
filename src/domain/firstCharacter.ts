/**
 * Reads a text in the way that its first character asks for.
 * @param read gets the first character that is not white space, "" where there is none, and the whole text.
 */
export async function* byFirstCharacter<Item>(
  chunks: AsyncIterable<string>,
  read: (first: string, text: AsyncIterable<string>) => AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    let start = "";
    for (let next = await source.next(); !next.done; next = await source.next()) {
      start += next.value;
      if (start.trim() !== "") break;
    }
    yield* read(start.trimStart().charAt(0), startingWith(start, source));
  } finally {
    await source.return?.();
  }
}

async function* startingWith(start: string, rest: AsyncIterator<string>): AsyncGenerator<string, void> {
  yield start;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
