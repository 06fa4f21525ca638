import moduleUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import { threadCount } from "../../runtimes/local/ort";
import type { Session } from "../../runtimes/local/session";
import { generateConfig, generatePeer } from "../generatePeer";
import type { BenchDevice, OpenedRuntime } from "./openedRuntime";
import { policyParts } from "./policyParts";

/** transformers.js over the graph and weights that ours runs on the device; its files come out of memory. */
export async function openGenerate(
  device: BenchDevice,
  inputs: Session<unknown>["inputs"],
): Promise<OpenedRuntime> {
  const { graph, external } = (await policyParts(device)).files;
  const library = await import("@huggingface/transformers");
  const { env } = library;
  const wasm = env.backends.onnx.wasm;
  if (wasm) {
    wasm.wasmPaths = { mjs: moduleUrl, wasm: wasmUrl };
    wasm.numThreads = threadCount();
  }
  const files: Readonly<Record<string, BodyInit>> = {
    "config.json": JSON.stringify(generateConfig(inputs)),
    "generation_config.json": "{}",
    "model.onnx": graph as Uint8Array<ArrayBuffer>,
  };
  Object.assign(env, {
    allowRemoteModels: false,
    allowLocalModels: true,
    useBrowserCache: false,
    useWasmCache: false,
    useCustomCache: true,
    customCache: {
      match: async (path: string) => {
        const body = files[path.split("/").at(-1) ?? ""];
        return body === undefined ? undefined : new Response(body);
      },
      put: async () => {},
    },
  });
  const model = await library.AutoModelForCausalLM.from_pretrained("bench", {
    dtype: "fp32", // The file without a suffix; nothing is converted.
    device,
    session_options: {
      externalData: Object.entries(external).map(([path, data]) => ({ path, data })),
    },
  });
  const peer = (how: "in a batch" | "one by one") => generatePeer(library, model, inputs, how);
  return { contestants: [peer("in a batch"), peer("one by one")] };
}
