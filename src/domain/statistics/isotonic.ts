/**
 * Isotonic regression: the non-decreasing sequence nearest to y in least squares, by pooling
 * adjacent violators (Barlow, Bartholomew, Bremner and Brunk, 1972).
 * @param y in the order of the x that they belong to; equal weights.
 */
export function isotonic(y: readonly number[]): number[] {
  const blocks: { sum: number; size: number }[] = [];
  for (const value of y) {
    let block = { sum: value, size: 1 };
    for (
      let last = blocks.at(-1);
      last && last.sum / last.size >= block.sum / block.size;
      last = blocks.at(-1)
    ) {
      block = { sum: last.sum + block.sum, size: last.size + block.size };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, size }) => Array<number>(size).fill(sum / size));
}
