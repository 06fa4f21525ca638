import { LONGEST_LINE } from "./jsonLines";

/**
 * Reads a text in the way that its first line asks for.
 * @param read gets the first line that is not blank, trimmed, "" where there is none, and the whole text.
 */
export async function* byFirstLine<Item>(
  chunks: AsyncIterable<string>,
  read: (first: string, text: AsyncIterable<string>) => AsyncIterable<Item>,
): AsyncGenerator<Item, void> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    let start = "";
    for (let next = await source.next(); !next.done; next = await source.next()) {
      start += next.value;
      if (start.trimStart().includes("\n") || start.length > LONGEST_LINE) break;
    }
    const [first = ""] = start.trimStart().split("\n", 1);
    yield* read(first.trim(), startingWith(start, source));
  } finally {
    await source.return?.();
  }
}

async function* startingWith(start: string, rest: AsyncIterator<string>): AsyncGenerator<string, void> {
  yield start;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
