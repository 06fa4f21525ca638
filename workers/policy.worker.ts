/** The policy's worker: loads the model here, off the page's thread, and samples from it. */

import { releaseProxy } from "comlink";
import { DialError } from "../src/domain/errors";
import { type ChosenDevice, chooseDevice } from "../src/runtimes/local/device";
import {
  type LoadedPolicy,
  loadPolicy,
  type SamplerSize,
  shippedPolicy,
} from "../src/runtimes/local/loadPolicy";
import { BASE_POLICY, policyEntry, policyFiles, policyModels } from "../src/runtimes/local/manifest";
import { fetchManifest, ModelLoad } from "../src/runtimes/local/modelLoad";
import { ortWasm } from "../src/runtimes/local/ort";
import { ownPolicy } from "../src/runtimes/local/ownAdapter";
import { sampleInBatches } from "../src/runtimes/local/sampleBatches";
import type { GraphFiles } from "../src/runtimes/local/session";
import { Stops } from "../src/runtimes/local/stops";
import { createWasmSession } from "../src/runtimes/local/wasmSession";
import type { OpenedPolicy, PolicyWorkerApi } from "../src/runtimes/local/workerApi";
import { runtimeFailure } from "../src/runtimes/runtimeFailure";
import { serve } from "../src/runtimes/serve";

/** Rows of 640 tokens of SmolLM2-135M, and well within a WASM heap. */
const SIZE: SamplerSize = { maxRows: 16, rowBytes: 450 * 2 ** 20, prefixBytes: 64 * 2 ** 20 };

let loaded: LoadedPolicy | undefined;
const stops = new Stops();

const api: PolicyWorkerApi = {
  async open({ folder, name, device: choice, own, cachedOnly = false }, onProgress) {
    const [manifest, chosen] = await Promise.all([fetchManifest(folder, cachedOnly), chooseDevice(choice)]);
    const shipped = policyEntry(manifest, own ? BASE_POLICY : name);
    const loadOn = async ({ device, reason }: ChosenDevice): Promise<OpenedPolicy> => {
      const kind = device === "webgpu" ? "nbits" : "int8";
      const files = policyFiles(manifest, shipped.adapter, kind);
      const load = new ModelLoad(folder, files, onProgress, cachedOnly);
      const source = own ? ownPolicy(own) : shippedPolicy(shipped, load.read);
      if (device === "webgpu") {
        const { createGpuSession } = await import("../src/runtimes/local/gpuSession");
        loaded = await loadPolicy(manifest, source, kind, load.read, createGpuSession, SIZE);
      } else {
        const wasm = ortWasm();
        wasm.catch(() => {}); // Thrown where it is waited for; until then it is not unhandled.
        const wasmSession = async (files: GraphFiles) => createWasmSession(await wasm, files);
        loaded = await loadPolicy(manifest, source, kind, load.read, wasmSession, SIZE);
      }
      const models = { ...policyModels(manifest, shipped, kind), ...own?.files };
      return { name: source.name, axes: source.axes, device, deviceReason: reason, models };
    };
    try {
      return await loadOn(chosen);
    } catch (error) {
      const another = choice === "auto" && chosen.device !== "wasm" && !cachedOnly;
      if (!another || error instanceof DialError) throw error;
      return loadOn({
        device: "wasm",
        reason: `WASM: WebGPU failed to start (${(error as Error).message}).`,
      });
    }
  },

  async check(requests) {
    await loadedPolicy().check(requests);
  },

  async sample(id, requests, onEvents) {
    const policy = loadedPolicy();
    try {
      await stops.run(id, (signal) => sampleInBatches(policy, requests, onEvents, signal));
    } catch (error) {
      throw runtimeFailure("sampling", error);
    } finally {
      (onEvents as Partial<Record<typeof releaseProxy, () => void>>)[releaseProxy]?.();
    }
  },

  stop: (id) => stops.stop(id),
};

function loadedPolicy(): LoadedPolicy["policy"] {
  if (!loaded) throw new DialError("model-missing", "the policy is not loaded", true);
  return loaded.policy;
}

serve(api);
