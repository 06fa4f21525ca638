/**
 * The C interface of onnxruntime-web's plain WASM build, as far as we call it.
 *
 * onnxruntime-web's own JavaScript copies every input into the WASM heap and every output out of it at each run:
 * for 16 rows of 150 tokens that is 220 MB of keys and values a token. Here they stay in the heap.
 * The names are those of onnxruntime-web/lib/wasm/wasm-types.ts of the version pinned in package.json.
 */

export interface OrtWasm {
  readonly HEAPU8: Uint8Array;
  stackSave(): number;
  stackRestore(stack: number): void;
  stackAlloc(bytes: number): number;
  getValue(pointer: number, type: "i8" | "i32" | "*"): number;
  setValue(pointer: number, value: number, type: "i32" | "*"): void;
  UTF8ToString(pointer: number): string;
  mountExternalData(name: string, data: Uint8Array): void;
  unmountExternalData(): void;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _OrtInit(threads: number, loggingLevel: number): number;
  _OrtGetLastError(code: number, message: number): number;
  _OrtCreateSessionOptions(
    optimisation: number,
    arena: boolean,
    memoryPattern: boolean,
    executionMode: number,
    profiling: boolean,
    profilePrefix: number,
    logId: number,
    logSeverity: number,
    logVerbosity: number,
    optimisedModelPath: number,
  ): number;
  _OrtReleaseSessionOptions(options: number): number;
  _OrtCreateSession(model: number, bytes: number, options: number): number | Promise<number>;
  _OrtReleaseSession(session: number): number;
  _OrtGetInputOutputCount(session: number, inputs: number, outputs: number): number;
  _OrtGetInputOutputMetadata(session: number, index: number, name: number, metadata: number): number;
  _OrtFree(pointer: number): number;
  _OrtCreateTensor(
    type: number,
    data: number,
    bytes: number,
    dims: number,
    rank: number,
    location: number,
  ): number;
  _OrtGetTensorData(tensor: number, type: number, data: number, dims: number, rank: number): number;
  _OrtReleaseTensor(tensor: number): number;
  _OrtCreateRunOptions(logSeverity: number, logVerbosity: number, terminate: boolean, tag: number): number;
  _OrtReleaseRunOptions(options: number): number;
  _OrtRun(
    session: number,
    inputNames: number,
    inputs: number,
    inputCount: number,
    outputNames: number,
    outputCount: number,
    outputs: number,
    options: number,
  ): number | Promise<number>;
}

export type OrtWasmFactory = (settings: {
  numThreads: number;
  locateFile: (name: string) => string;
}) => Promise<OrtWasm>;

const LOG_ERRORS = 3;

/** Starts the runtime; once a realm. */
export async function startOrtWasm(
  factory: OrtWasmFactory,
  wasmUrl: string,
  threads: number,
): Promise<OrtWasm> {
  const wasm = await factory({ numThreads: threads, locateFile: () => wasmUrl });
  check(wasm, wasm._OrtInit(threads, LOG_ERRORS), "start");
  return wasm;
}

/** Throws the runtime's last error where a call returned a status other than 0. */
export function check(wasm: OrtWasm, status: number, action: string): void {
  if (status === 0) return;
  const stack = wasm.stackSave();
  const at = wasm.stackAlloc(8);
  wasm._OrtGetLastError(at, at + 4);
  const message = wasm.getValue(at + 4, "*");
  const text = message === 0 ? `status ${status}` : wasm.UTF8ToString(message);
  wasm.stackRestore(stack);
  throw new Error(`ONNX Runtime could not ${action}: ${text}`);
}

/** Passes a handle on; 0 is the runtime's way to say that there is an error. */
export function handle(wasm: OrtWasm, value: number, action: string): number {
  if (value === 0) check(wasm, 1, action);
  return value;
}
