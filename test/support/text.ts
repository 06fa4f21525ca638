/** Texts as the readers get them: in chunks. */

/** A text in chunks of `size` characters, so that lines are cut anywhere. */
export async function* inChunks(text: string, size = 7): AsyncGenerator<string, void> {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size);
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
