/**
 * The policy network as the decode loop sees it: a prompt is run once, its keys and values are laid into as many rows
 * as share it, and the rows then go on together, one token a step, whatever their lengths.
 *
 * Keys and values are updated in place: past and present are the same blocks, right-padded to a common capacity that
 * grows in steps; only the attention mask says how long each row is.
 */

import { bytesPerToken, KvCache, type KvShape, kvShape } from "./kvCache";
import type { Session } from "./session";

export interface Prefix {
  /** Logits after the last prompt token, [vocabulary]. */
  readonly logits: Float32Array;
  /** Of its keys and values. */
  readonly bytes: number;
  release(): void;
}

/** The first tokens of a prompt that was run. */
export interface Beginning<P> {
  readonly prefix: P;
  /** At most the length of the prompt. */
  readonly length: number;
}

export interface RowDecoder<P extends Prefix> {
  readonly vocabulary: number;
  /**
   * Runs a prompt, alone and without padding, in pieces.
   * @param pause awaited before each piece; what it throws ends the run.
   * @param beginning of another prompt that begins with the same tokens. The result is the same bits without it.
   */
  prefill(ids: readonly number[], pause?: () => Promise<void>, beginning?: Beginning<P>): Promise<P>;
  /** Adds a row that continues a prompt; it becomes the last row. */
  admit(prefix: P): void;
  /** Drops a row; the last row takes its place. */
  remove(row: number): void;
  /** Feeds one token to every row. Logits [rows, vocabulary], a view that the next call may overwrite. */
  step(tokens: readonly number[]): Promise<Float32Array>;
  /** How many rows of this many tokens fit into the memory set aside: a power of two, 2 at least. */
  roomFor(tokens: number): number;
  /** Drops all rows and their memory. */
  clear(): void;
}

/** Capacity grows by this many tokens at a time (rows grow by doubling): one copy of the cache in 64 steps. */
const GROWTH = 64;
/** Tokens of a prompt's last piece at least, see `pieceLength`. */
const SHORTEST_PIECE = 2;
/** Rows that there is room for in any case: a guided request takes two. */
const LEAST_ROOM = 2;

export class KvPrefix<Block> implements Prefix {
  constructor(
    readonly cache: KvCache<Block>,
    readonly length: number,
    readonly logits: Float32Array,
    readonly bytes: number,
  ) {}

  release(): void {
    this.cache.release();
  }
}

export class SessionDecoder<Block> implements RowDecoder<KvPrefix<Block>> {
  readonly vocabulary: number;
  private readonly shape: KvShape;
  private readonly cache: KvCache<Block>;
  private readonly lengths: number[] = [];

  /** @param memoryLimit bytes of keys and values to hold at most. */
  constructor(
    private readonly session: Session<Block>,
    private readonly memoryLimit: number,
  ) {
    this.shape = kvShape(session.inputs);
    this.cache = new KvCache(session.memory, this.shape);
    const vocabulary = session.outputs.find(({ name }) => name === "logits")?.dims[2];
    if (typeof vocabulary !== "number") throw new Error("the graph has no logits of a fixed size");
    this.vocabulary = vocabulary;
  }

  async prefill(
    ids: readonly number[],
    pause: () => Promise<void> = async () => {},
    beginning?: Beginning<KvPrefix<Block>>,
  ): Promise<KvPrefix<Block>> {
    const cache = new KvCache(this.session.memory, this.shape);
    cache.resize(1, ids.length, []);
    try {
      let seen = beginning ? this.reusable(ids.length, beginning) : 0;
      if (beginning && seen > 0) cache.load(beginning.prefix.cache, 0, 0, seen);
      let logits: Float32Array = new Float32Array();
      while (seen < ids.length) {
        await pause();
        const piece = ids.slice(seen, seen + this.pieceLength(ids.length - seen));
        seen += piece.length;
        logits = await this.session.run({
          ints: {
            input_ids: { data: BigInt64Array.from(piece, BigInt), dims: [1, piece.length] },
            attention_mask: { data: new BigInt64Array(seen).fill(1n), dims: [1, seen] },
          },
          residentInputs: cache.tensors("past_key_values", 1),
          residentOutputs: cache.tensors("present", 1),
          fetch: "logits",
        });
      }
      const bytes = ids.length * bytesPerToken(this.shape);
      return new KvPrefix(cache, ids.length, logits.slice(0, this.vocabulary), bytes);
    } catch (error) {
      cache.release();
      throw error;
    }
  }

  /**
   * A piece of one token takes other kernels (see `fewestRows`), so there is none but for a prompt of one token: a
   * prompt gives the same bits wherever it is cut.
   */
  private pieceLength(left: number): number {
    const { promptPiece } = this.session;
    return left === promptPiece + 1 ? promptPiece - 1 : Math.min(left, promptPiece);
  }

  /** How much of a beginning can be taken over so that the rest gives the bits that the whole gives. */
  private reusable(length: number, { prefix, length: shared }: Beginning<KvPrefix<Block>>): number {
    const { reuseGrain } = this.session;
    // The last whole piece of so long a prompt was cut short, see `pieceLength`.
    const whole = prefix.length % reuseGrain === 1 ? prefix.length - SHORTEST_PIECE : shared;
    const most = Math.min(shared, whole, length - SHORTEST_PIECE);
    return Math.max(0, Math.floor(most / reuseGrain) * reuseGrain);
  }

  admit(prefix: KvPrefix<Block>): void {
    const row = this.lengths.length;
    this.reserve(row + 1, prefix.length + 1);
    this.cache.load(prefix.cache, 0, row, prefix.length);
    this.lengths.push(prefix.length);
  }

  remove(row: number): void {
    const last = this.lengths.length - 1;
    const length = this.lengths[last] as number;
    if (row !== last) {
      this.cache.load(this.cache, last, row, length);
      this.lengths[row] = length;
    }
    this.lengths.pop();
  }

  async step(tokens: readonly number[]): Promise<Float32Array> {
    const active = this.lengths.length;
    if (tokens.length !== active) throw new Error(`${tokens.length} tokens for ${active} rows`);
    // A row's text must not depend on its neighbours: where a lone row would, it gets an idle one beside it.
    const rows = Math.max(this.session.fewestRows, active);
    const longest = Math.max(...this.lengths) + 1;
    this.reserve(rows, longest);

    const ids = new BigInt64Array(rows);
    const mask = new BigInt64Array(rows * longest);
    for (let row = 0; row < rows; row++) {
      ids[row] = BigInt(tokens[row] ?? (tokens[0] as number));
      mask.fill(1n, row * longest, row * longest + (this.lengths[row] ?? 0) + 1);
    }
    const logits = await this.session.run({
      ints: {
        input_ids: { data: ids, dims: [rows, 1] },
        attention_mask: { data: mask, dims: [rows, longest] },
      },
      residentInputs: this.cache.tensors("past_key_values", rows),
      residentOutputs: this.cache.tensors("present", rows),
      fetch: "logits",
    });
    for (let row = 0; row < active; row++) this.lengths[row] = (this.lengths[row] as number) + 1;
    return logits;
  }

  roomFor(tokens: number): number {
    const rows = this.memoryLimit / (rounded(tokens) * bytesPerToken(this.shape));
    return rows < LEAST_ROOM ? LEAST_ROOM : 2 ** Math.floor(Math.log2(rows));
  }

  clear(): void {
    this.lengths.length = 0;
    this.cache.release();
  }

  private reserve(rows: number, tokens: number): void {
    const doubled = 2 ** Math.ceil(Math.log2(Math.max(rows, this.session.fewestRows)));
    const capacity = rounded(Math.max(tokens, ...this.lengths));
    const larger = [Math.max(this.cache.rows, doubled), Math.max(this.cache.capacity, capacity)] as const;
    const fits = larger[0] * larger[1] * bytesPerToken(this.shape) <= this.memoryLimit;
    // Rows that left may have been many, or long: their room is given back where the limit is near.
    const [newRows, newCapacity] = fits ? larger : [doubled, capacity];
    this.cache.resize(newRows, newCapacity, this.lengths);
  }
}

/** The capacity that holds this many tokens. */
function rounded(tokens: number): number {
  return Math.ceil(tokens / GROWTH) * GROWTH;
}
