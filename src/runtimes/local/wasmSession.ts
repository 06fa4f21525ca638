/** A session on WASM whose blocks are pointers into the WASM heap. */

import { check, handle, type OrtWasm } from "./ortWasm";
import type {
  DeviceMemory,
  GraphFiles,
  IntTensor,
  ResidentTensor,
  RunRequest,
  Session,
  ValueShape,
} from "./session";

const FLOAT32 = 1;
const INT64 = 7;
const ON_CPU = 1;
const ALL_OPTIMISATIONS = 99;
/**
 * Sequential all the same, as there is one thread between operators (`_OrtInit`). But in sequential mode the runtime looks for
 * memory to reuse for each output among all that is free then: for 3,000 nodes five sixths of the time that a graph takes to open.
 */
const PARALLEL = 1;
const LOG_ERRORS = 3;
const POINTER = 4;

interface NamedValue extends ValueShape {
  /** The name in the WASM heap. */
  readonly pointer: number;
}

/** Loads a graph. Its external files are copied into the WASM heap while it loads; the caller may drop them after. */
export async function createWasmSession(wasm: OrtWasm, files: GraphFiles): Promise<Session<number>> {
  const model = handle(wasm, wasm._malloc(files.graph.length), "reserve memory for the graph");
  wasm.HEAPU8.set(files.graph, model);
  for (const [name, data] of Object.entries(files.external)) wasm.mountExternalData(name, data);
  const options = handle(
    wasm,
    wasm._OrtCreateSessionOptions(ALL_OPTIMISATIONS, true, true, PARALLEL, false, 0, 0, LOG_ERRORS, 0, 0),
    "make session options",
  );
  try {
    return new WasmSession(
      wasm,
      handle(wasm, await wasm._OrtCreateSession(model, files.graph.length, options), "load the graph"),
    );
  } finally {
    wasm._OrtReleaseSessionOptions(options);
    wasm._free(model);
    wasm.unmountExternalData();
  }
}

class WasmSession implements Session<number> {
  readonly memory: DeviceMemory<number>;
  readonly promptPiece = 64;
  readonly reuseGrain = 1;
  /** Products of integers are exact, and the float32 kernel of WASM sums a single row as it sums many. */
  readonly fewestRows = 1;
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
  private readonly pointers: ReadonlyMap<string, number>;
  private readonly runOptions: number;
  private fetched = 0;

  constructor(
    private readonly wasm: OrtWasm,
    private readonly session: number,
  ) {
    const { inputs, outputs } = values(wasm, session);
    this.inputs = inputs;
    this.outputs = outputs;
    this.pointers = new Map([...inputs, ...outputs].map(({ name, pointer }) => [name, pointer]));
    this.runOptions = handle(wasm, wasm._OrtCreateRunOptions(LOG_ERRORS, 0, false, 0), "make run options");
    this.memory = {
      allocate: (floats) =>
        handle(wasm, wasm._malloc(Math.max(4, floats * 4)), `reserve ${floats * 4} bytes`),
      release: (block) => wasm._free(block),
      copy: (source, from, target, to, floats) =>
        wasm.HEAPU8.copyWithin(target + to * 4, source + from * 4, source + (from + floats) * 4),
    };
  }

  async run({
    ints,
    residentInputs = {},
    residentOutputs = {},
    fetch,
  }: RunRequest<number>): Promise<Float32Array> {
    const { wasm } = this;
    this.releaseFetched();
    const stack = wasm.stackSave();
    const tensors: number[] = [];
    const buffers: number[] = [];
    try {
      const inputs: [string, number][] = [];
      for (const [name, tensor] of Object.entries(ints)) inputs.push([name, this.intTensor(tensor, buffers)]);
      for (const [name, tensor] of Object.entries(residentInputs))
        inputs.push([name, this.residentTensor(tensor)]);
      const outputs: [string, number][] = [[fetch, 0]];
      for (const [name, tensor] of Object.entries(residentOutputs))
        outputs.push([name, this.residentTensor(tensor)]);
      tensors.push(...inputs.map(([, tensor]) => tensor), ...outputs.slice(1).map(([, tensor]) => tensor));

      const inputNames = this.pointerArray(inputs.map(([name]) => this.pointerOf(name)));
      const inputValues = this.pointerArray(inputs.map(([, tensor]) => tensor));
      const outputNames = this.pointerArray(outputs.map(([name]) => this.pointerOf(name)));
      const outputValues = this.pointerArray(outputs.map(([, tensor]) => tensor));
      const status = await wasm._OrtRun(
        this.session,
        inputNames,
        inputValues,
        inputs.length,
        outputNames,
        outputs.length,
        outputValues,
        this.runOptions,
      );
      check(wasm, status, "run the graph");
      this.fetched = wasm.getValue(outputValues, "*");
      return this.view(this.fetched);
    } finally {
      for (const tensor of tensors) wasm._OrtReleaseTensor(tensor);
      for (const buffer of buffers) wasm._free(buffer);
      wasm.stackRestore(stack);
    }
  }

  async close(): Promise<void> {
    this.releaseFetched();
    this.wasm._OrtReleaseRunOptions(this.runOptions);
    for (const pointer of this.pointers.values()) this.wasm._OrtFree(pointer);
    check(this.wasm, this.wasm._OrtReleaseSession(this.session), "close the session");
  }

  private releaseFetched(): void {
    if (this.fetched !== 0) this.wasm._OrtReleaseTensor(this.fetched);
    this.fetched = 0;
  }

  private pointerOf(name: string): number {
    const pointer = this.pointers.get(name);
    if (pointer === undefined) throw new Error(`the graph has no input or output "${name}"`);
    return pointer;
  }

  private intTensor({ data, dims }: IntTensor, buffers: number[]): number {
    const at = handle(
      this.wasm,
      this.wasm._malloc(Math.max(8, data.byteLength)),
      "reserve memory for an input",
    );
    buffers.push(at);
    this.wasm.HEAPU8.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    return this.tensor(INT64, at, data.byteLength, dims);
  }

  private residentTensor({ block, dims }: ResidentTensor<number>): number {
    return this.tensor(
      FLOAT32,
      block,
      dims.reduce((product, size) => product * size, 4),
      dims,
    );
  }

  private tensor(type: number, at: number, bytes: number, dims: readonly number[]): number {
    const tensor = this.wasm._OrtCreateTensor(type, at, bytes, this.pointerArray(dims), dims.length, ON_CPU);
    return handle(this.wasm, tensor, "make a tensor");
  }

  private pointerArray(items: readonly number[]): number {
    const at = this.wasm.stackAlloc(items.length * POINTER);
    items.forEach((item, index) => {
      this.wasm.setValue(at + index * POINTER, item, "*");
    });
    return at;
  }

  private view(tensor: number): Float32Array {
    const { wasm } = this;
    const at = wasm.stackAlloc(4 * POINTER);
    check(wasm, wasm._OrtGetTensorData(tensor, at, at + 4, at + 8, at + 12), "read an output");
    const data = wasm.getValue(at + 4, "*");
    const dims = wasm.getValue(at + 8, "*");
    const rank = wasm.getValue(at + 12, "i32");
    let size = 1;
    for (let axis = 0; axis < rank; axis++) size *= wasm.getValue(dims + axis * POINTER, "i32");
    wasm._OrtFree(dims);
    return new Float32Array(wasm.HEAPU8.buffer, data, size);
  }
}

/** Names and shapes as the session gives them: for each, a block of type, rank, dimension names, dimensions. */
function values(wasm: OrtWasm, session: number): { inputs: NamedValue[]; outputs: NamedValue[] } {
  const stack = wasm.stackSave();
  const at = wasm.stackAlloc(2 * POINTER);
  check(wasm, wasm._OrtGetInputOutputCount(session, at, at + POINTER), "count inputs");
  const inputCount = wasm.getValue(at, "i32");
  const total = inputCount + wasm.getValue(at + POINTER, "i32");
  const all: NamedValue[] = [];
  for (let index = 0; index < total; index++) {
    check(
      wasm,
      wasm._OrtGetInputOutputMetadata(session, index, at, at + POINTER),
      "describe an input or output",
    );
    const pointer = wasm.getValue(at, "*");
    const metadata = wasm.getValue(at + POINTER, "*");
    const rank = wasm.getValue(metadata + 4, "i32");
    const dims = Array.from({ length: rank }, (_, axis) => {
      const name = wasm.getValue(metadata + 8 + axis * POINTER, "*");
      return name === 0
        ? wasm.getValue(metadata + 8 + (axis + rank) * POINTER, "i32")
        : wasm.UTF8ToString(name);
    });
    wasm._OrtFree(metadata);
    all.push({ name: wasm.UTF8ToString(pointer), pointer, dims });
  }
  wasm.stackRestore(stack);
  return { inputs: all.slice(0, inputCount), outputs: all.slice(inputCount) };
}
