/** A session on WebGPU whose blocks are GPU buffers. */

import { env, InferenceSession, Tensor } from "onnxruntime-web/jspi";
import { RUNTIME_URLS } from "./runtimeFile";
import type { DeviceMemory, GraphFiles, ResidentTensor, Session } from "./session";
import { runTensors, shapeOf } from "./tensorRun";

/**
 * Attention over 32 or more new tokens takes another shader, which gives wrong values on SwiftShader (fewer are right to
 * the last bits; test/browser/attention.test.ts). Nobody can check it on every GPU, so it is not used.
 */
const PROMPT_PIECE = 24;

/** The JSPI build (17 MB): the asyncify build is over the 25 MB a file that some static hosts take. */
export async function createGpuSession(files: GraphFiles): Promise<Session<GPUBuffer>> {
  env.wasm.wasmPaths = { wasm: RUNTIME_URLS.webgpu };
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(files.graph, {
    executionProviders: ["webgpu"],
    externalData: Object.entries(files.external).map(([path, data]) => ({ path, data })),
    preferredOutputLocation: { logits: "cpu" },
    logSeverityLevel: 3,
  });
  const memory = new GpuMemory(env.webgpu.device as unknown as GPUDevice);
  return {
    memory,
    promptPiece: PROMPT_PIECE,
    reuseGrain: PROMPT_PIECE,
    fewestRows: 2,
    inputs: session.inputMetadata.map(shapeOf),
    outputs: session.outputMetadata.map(shapeOf),
    async run(request) {
      memory.submit();
      return runTensors({ session, Tensor, toTensor }, request);
    },
    close: () => session.release(),
  };
}

function toTensor({ block, dims }: ResidentTensor<GPUBuffer>): Tensor {
  // An empty tensor has no GPU buffer.
  if (dims.includes(0)) return new Tensor("float32", new Float32Array(0), dims);
  return Tensor.fromGpuBuffer(block, { dataType: "float32", dims });
}

declare const GPUBufferUsage: {
  readonly STORAGE: number;
  readonly COPY_SRC: number;
  readonly COPY_DST: number;
};

/** Copies are collected and submitted before the next run. */
class GpuMemory implements DeviceMemory<GPUBuffer> {
  private encoder: GPUCommandEncoder | null = null;
  private released: GPUBuffer[] = [];

  constructor(private readonly device: GPUDevice) {}

  allocate(floats: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.device.createBuffer({ size: Math.max(16, Math.ceil(floats / 4) * 16), usage });
  }

  /** A buffer may be part of a copy that is not submitted yet. */
  release(block: GPUBuffer): void {
    this.released.push(block);
    if (!this.encoder) this.submit();
  }

  copy(source: GPUBuffer, from: number, target: GPUBuffer, to: number, floats: number): void {
    if (floats === 0) return;
    this.encoder ??= this.device.createCommandEncoder();
    if (source !== target) {
      this.encoder.copyBufferToBuffer(source, from * 4, target, to * 4, floats * 4);
      return;
    }
    // WebGPU does not copy within one buffer.
    const between = this.allocate(floats);
    this.encoder.copyBufferToBuffer(source, from * 4, between, 0, floats * 4);
    this.encoder.copyBufferToBuffer(between, 0, target, to * 4, floats * 4);
    this.released.push(between);
  }

  submit(): void {
    if (this.encoder) this.device.queue.submit([this.encoder.finish()]);
    this.encoder = null;
    for (const block of this.released) block.destroy();
    this.released = [];
  }
}
