/**
 * Prompts that were run, bounded in bytes; a prompt that begins as one of them is run from where they part, however soon:
 * every chat prompt begins with the same few tokens, and to copy their keys and values is nothing beside running them.
 */

import type { Prefix, RowDecoder } from "./decoder";

interface Kept<P> {
  readonly ids: readonly number[];
  readonly prefix: P;
}

export class PrefixCache<P extends Prefix> {
  /** In the order of their last use. */
  private readonly kept: Kept<P>[] = [];

  /** @param limit bytes to keep; the prompt used last is kept in any case. */
  constructor(
    private readonly decoder: RowDecoder<P>,
    private readonly limit: number,
  ) {}

  has(ids: readonly number[]): boolean {
    return this.find(ids) !== undefined;
  }

  /**
   * The prompt, run now if it is not kept. It stays until the next `trim`.
   * @param pause awaited before each piece; what it throws ends the run.
   */
  async get(ids: readonly number[], pause: () => Promise<void>): Promise<P> {
    const same = this.find(ids);
    if (same) return this.use(same);
    let nearest: Kept<P> | undefined;
    let shared = 0;
    for (const kept of this.kept) {
      const common = sharedLength(kept.ids, ids);
      if (common > shared) [nearest, shared] = [kept, common];
    }
    const beginning = nearest && { prefix: nearest.prefix, length: shared };
    const prefix = await this.decoder.prefill(ids, pause, beginning);
    return this.use({ ids, prefix });
  }

  /** Drops what was used longest ago until the rest is within the limit. */
  trim(): void {
    let bytes = this.kept.reduce((sum, { prefix }) => sum + prefix.bytes, 0);
    while (bytes > this.limit && this.kept.length > 1) {
      const { prefix } = this.kept.shift() as Kept<P>;
      bytes -= prefix.bytes;
      prefix.release();
    }
  }

  clear(): void {
    for (const { prefix } of this.kept.splice(0)) prefix.release();
  }

  private find(ids: readonly number[]): Kept<P> | undefined {
    return this.kept.find(
      (kept) => kept.ids.length === ids.length && sharedLength(kept.ids, ids) === ids.length,
    );
  }

  private use(kept: Kept<P>): P {
    const at = this.kept.indexOf(kept);
    if (at >= 0) this.kept.splice(at, 1);
    this.kept.push(kept);
    return kept.prefix;
  }
}

function sharedLength(a: readonly number[], b: readonly number[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
