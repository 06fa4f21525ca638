import type { GraphFiles, Session } from "../../runtimes/local/session";
import { ownSampler } from "../ownSampler";
import { leastStep, measureMachine, stepWork } from "../roofline";
import type { BenchDevice, OpenedRuntime } from "./openedRuntime";
import { policyParts } from "./policyParts";

export async function openOwn(device: BenchDevice): Promise<OpenedRuntime> {
  const { files, layout } = await policyParts(device);
  const session = await createSession(device, files);
  return {
    contestants: [ownSampler(session)],
    inputs: session.inputs,
    async leastStep(rows) {
      const machine = await measureMachine(async (kind) => {
        const response = await fetch(`/src/bench/peak-${kind}.onnx`);
        return createSession(device, { graph: new Uint8Array(await response.arrayBuffer()), external: {} });
      });
      return leastStep(stepWork(layout), machine, rows);
    },
  };
}

async function createSession(device: BenchDevice, files: GraphFiles): Promise<Session<unknown>> {
  if (device === "webgpu") {
    const { createGpuSession } = await import("../../runtimes/local/gpuSession");
    return (await createGpuSession(files)) as Session<unknown>;
  }
  const { createWasmSession } = await import("../../runtimes/local/wasmSession");
  const { ortWasm } = await import("../../runtimes/local/ort");
  return (await createWasmSession(await ortWasm(), files)) as Session<unknown>;
}
