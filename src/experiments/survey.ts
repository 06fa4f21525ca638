import type { BadLine } from "../domain/jsonLines";
import { sha256 } from "../domain/sha256";

/** What a source of items holds, known without holding it. */
export interface Survey {
  /** Items; lines that hold none are not counted. */
  readonly count: number;
  /** Of all items, in the order of the source. */
  readonly sha256: string;
  /** How many lines hold no item, and the first few of them. */
  readonly bad: number;
  readonly firstBad: readonly BadLine[];
}

/** Items hashed at once. */
const BLOCK = 256;
const SHOWN = 5;

/** Reads a source to its end. @param textOf all of an item that a run depends on; `place` is its number, from 1. */
export async function survey<Item extends object>(
  items: AsyncIterable<Item | BadLine>,
  textOf: (item: Item, place: number) => string,
): Promise<Survey> {
  const firstBad: BadLine[] = [];
  let [count, bad] = [0, 0];
  let hash = "";
  let block: string[] = [];
  const close = async (): Promise<void> => {
    hash = await sha256(new TextEncoder().encode(JSON.stringify([hash, ...block])));
    block = [];
  };
  for await (const item of items) {
    if ("problem" in item) {
      if (bad++ < SHOWN) firstBad.push(item);
      continue;
    }
    block.push(textOf(item, ++count));
    if (block.length === BLOCK) await close();
  }
  await close();
  return { count, sha256: hash, bad, firstBad };
}
