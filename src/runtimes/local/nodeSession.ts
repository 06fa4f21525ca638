/** A session on onnxruntime-node. It reads and writes JavaScript's own memory, so a block is a Float32Array. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import type { DeviceMemory, GraphFiles, ResidentTensor, Session } from "./session";
import { runTensors, shapeOf } from "./tensorRun";

const PROMPT_PIECE = 128;

const MEMORY: DeviceMemory<Float32Array> = {
  allocate: (floats) => new Float32Array(floats),
  release: () => {},
  copy: (source, from, target, to, floats) => target.set(source.subarray(from, from + floats), to),
};

export interface NodeSessionOptions {
  readonly threads: number;
  /** Threads without work wait in a loop: quicker from one product to the next, but other sessions do not get their cores (true). */
  readonly spin?: boolean;
}

/** Loads a graph. The session may go on reading the external files, so it holds them until it is closed. */
export async function createNodeSession(
  files: GraphFiles,
  { threads, spin = true }: NodeSessionOptions,
): Promise<Session<Float32Array>> {
  let held: GraphFiles | null = files;
  const session = await InferenceSession.create(held.graph, {
    externalData: Object.entries(held.external).map(([path, data]) => ({ path, data })),
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: spin ? "1" : "0" } } },
    logSeverityLevel: 3,
  });
  return {
    memory: MEMORY,
    promptPiece: PROMPT_PIECE,
    reuseGrain: 1,
    fewestRows: 2,
    inputs: session.inputMetadata.map(shapeOf),
    outputs: session.outputMetadata.map(shapeOf),
    run: (request) => runTensors({ session, Tensor, toTensor }, request),
    async close() {
      await session.release();
      held = null;
    },
  };
}

function toTensor({ block, dims }: ResidentTensor<Float32Array>): Tensor {
  const size = dims.reduce((product, length) => product * length, 1);
  return new Tensor("float32", block.subarray(0, size), dims);
}
