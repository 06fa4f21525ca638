import type { MatchContestant } from "../../experiments/benchMatch";
import { openJudge, openPolicy } from "../../runtimes/local/browser";
import type { GraphFiles, Session } from "../../runtimes/local/session";
import { matchOf } from "../matchOf";
import { ownMatch } from "../ownMatch";
import { ownSampler } from "../ownSampler";
import { leastStep, measureMachine, stepWork } from "../roofline";
import type { BenchDevice, OpenedRuntime } from "./openedRuntime";
import { MODELS, policyParts } from "./policyParts";

export async function openOwn(device: BenchDevice): Promise<OpenedRuntime> {
  const { files, layout } = await policyParts(device);
  const session = await createSession(device, files);
  const leastStepOf = async (rows: number) => {
    const work = stepWork(layout);
    const machine = await measureMachine(work, async (kind) => {
      const response = await fetch(`/src/bench/peak-${kind}.onnx`);
      return createSession(device, { graph: new Uint8Array(await response.arrayBuffer()), external: {} });
    });
    return leastStep(work, machine, rows);
  };
  return {
    contestants: [ownSampler(session)],
    inputs: session.inputs,
    // The speed of a GPU's memory cannot be measured from here.
    ...(device === "wasm" && { leastStep: leastStepOf }),
  };
}

/** Policy and judge in their workers, as the page has them. */
export async function openOwnMatch(device: BenchDevice, tokens: number): Promise<MatchContestant> {
  const [policy, judge] = await Promise.all([
    openPolicy({ folder: MODELS, device }),
    openJudge({ folder: MODELS }),
  ]);
  return ownMatch(matchOf(judge.reference, tokens), policy, judge);
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
