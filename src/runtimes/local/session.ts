/**
 * One loaded network whose large tensors stay where it computes: the JavaScript heap under Node, the WASM heap, the
 * GPU. Keys and values never cross that border; token ids go in and logits come out.
 */

export interface IntTensor {
  readonly data: BigInt64Array;
  readonly dims: readonly number[];
}

/** float32 values in device memory, row-major; the block may be larger than the dims say. */
export interface ResidentTensor<Block> {
  readonly block: Block;
  readonly dims: readonly number[];
}

export interface DeviceMemory<Block> {
  /** Room for this many float32 values, contents undefined. */
  allocate(floats: number): Block;
  release(block: Block): void;
  /** Copies float32 values between places that do not overlap. Offsets are in floats. */
  copy(source: Block, from: number, target: Block, to: number, floats: number): void;
}

export interface RunRequest<Block> {
  readonly ints: Readonly<Record<string, IntTensor>>;
  readonly residentInputs?: Readonly<Record<string, ResidentTensor<Block>>>;
  /** Outputs written in place. A block that is also an input is updated (attention's shared past and present). */
  readonly residentOutputs?: Readonly<Record<string, ResidentTensor<Block>>>;
  /** The output whose values are wanted. */
  readonly fetch: string;
}

export interface ValueShape {
  readonly name: string;
  /** A string is a dimension left free. */
  readonly dims: readonly (number | string)[];
}

export interface Session<Block> {
  readonly memory: DeviceMemory<Block>;
  /** Tokens of a prompt to run at a time: enough to keep the kernels busy, few enough to stop soon. */
  readonly promptPiece: number;
  /**
   * A beginning of a prompt can be taken over from another prompt in multiples of so many tokens: 1 where the rest
   * gives the same bits wherever the prompt is cut, else `promptPiece`.
   */
  readonly reuseGrain: number;
  /**
   * Rows of a step at least: 2 where a single row takes other kernels (matrix times vector) with another order of
   * summation, and so other last bits, than it has beside others.
   */
  readonly fewestRows: 1 | 2;
  readonly inputs: readonly ValueShape[];
  readonly outputs: readonly ValueShape[];
  /** The values of `fetch`; a view that the next run may overwrite. */
  run(request: RunRequest<Block>): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A graph and the files that its initialisers lie in. */
export interface GraphFiles {
  readonly graph: Uint8Array;
  /** By the file name that the graph refers to. */
  readonly external: Readonly<Record<string, Uint8Array>>;
}
