/** Keys and values of many rows in device memory: per layer two blocks [rows, heads, capacity, headSize] of float32. */

import type { DeviceMemory, ResidentTensor, ValueShape } from "./session";

export interface KvShape {
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
}

/** Reads the shape from the inputs of a graph: `past_key_values.{layer}.key` [rows, heads, past, headSize]. */
export function kvShape(inputs: readonly ValueShape[]): KvShape {
  const keys = inputs.filter(({ name }) => /^past_key_values\.\d+\.key$/.test(name));
  const [, heads, , headSize] = keys[0]?.dims ?? [];
  if (typeof heads !== "number" || typeof headSize !== "number") {
    throw new Error("the graph has no past_key_values inputs with a fixed number of heads and head size");
  }
  return { layers: keys.length, heads, headSize };
}

/** Bytes of keys and values that one token of one row takes. */
export function bytesPerToken({ layers, heads, headSize }: KvShape): number {
  return layers * 2 * heads * headSize * 4;
}

export class KvCache<Block> {
  private blocks: Block[] = [];
  private reservedRows = 0;
  private reservedCapacity = 0;

  constructor(
    private readonly memory: DeviceMemory<Block>,
    private readonly shape: KvShape,
  ) {}

  get rows(): number {
    return this.reservedRows;
  }

  get capacity(): number {
    return this.reservedCapacity;
  }

  /** Makes room for `rows` of `capacity` tokens and keeps the first `lengths[row]` tokens of each row, which fit. */
  resize(rows: number, capacity: number, lengths: readonly number[]): void {
    if (rows === this.reservedRows && capacity === this.reservedCapacity) return;
    const { heads, headSize, layers } = this.shape;
    for (let index = 0; index < layers * 2; index++) {
      const block = this.memory.allocate(rows * heads * capacity * headSize);
      const old = this.blocks[index];
      if (old !== undefined) {
        lengths.forEach((length, row) => {
          this.copyRow(old, row, this.reservedCapacity, block, row, capacity, length);
        });
        this.memory.release(old);
      }
      this.blocks[index] = block;
    }
    this.reservedRows = rows;
    this.reservedCapacity = capacity;
  }

  /** Copies the first `length` tokens of a row of another cache into a row of this one. */
  load(source: KvCache<Block>, sourceRow: number, row: number, length: number): void {
    this.blocks.forEach((block, index) => {
      this.copyRow(
        source.blocks[index] as Block,
        sourceRow,
        source.reservedCapacity,
        block,
        row,
        this.reservedCapacity,
        length,
      );
    });
  }

  /** The first `rows` rows as the tensors `{prefix}.{layer}.key` and `.value`. */
  tensors(prefix: string, rows: number): Record<string, ResidentTensor<Block>> {
    const dims = [rows, this.shape.heads, this.reservedCapacity, this.shape.headSize];
    const named: Record<string, ResidentTensor<Block>> = {};
    this.blocks.forEach((block, index) => {
      named[`${prefix}.${index >> 1}.${index % 2 === 0 ? "key" : "value"}`] = { block, dims };
    });
    return named;
  }

  release(): void {
    for (const block of this.blocks) this.memory.release(block);
    this.blocks = [];
    this.reservedRows = 0;
    this.reservedCapacity = 0;
  }

  private copyRow(
    source: Block,
    sourceRow: number,
    sourceCapacity: number,
    target: Block,
    row: number,
    capacity: number,
    length: number,
  ): void {
    const { heads, headSize } = this.shape;
    for (let head = 0; head < heads; head++) {
      const from = (sourceRow * heads + head) * sourceCapacity * headSize;
      const to = (row * heads + head) * capacity * headSize;
      this.memory.copy(source, from, target, to, length * headSize);
    }
  }
}
