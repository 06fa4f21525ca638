import moduleUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import type { MatchContestant } from "../../experiments/benchMatch";
import { openJudge } from "../../runtimes/local/browser";
import { threadCount } from "../../runtimes/local/ort";
import type { Session } from "../../runtimes/local/session";
import { PolicyTokenizer } from "../../runtimes/local/tokenizer";
import { generateMatch } from "../generateMatch";
import { generateConfig, generatePeers } from "../generatePeer";
import { matchOf } from "../matchOf";
import { type Generate, plainGenerate } from "../plainGenerate";
import type { BenchDevice, OpenedRuntime } from "./openedRuntime";
import { MODELS, policyParts } from "./policyParts";

type Inputs = Session<unknown>["inputs"];

export async function openGenerate(device: BenchDevice, inputs: Inputs): Promise<OpenedRuntime> {
  const { name, generate } = await load(device, inputs);
  return { contestants: generatePeers(name, generate) };
}

/** @param mostRows that the loop goes through in a run. */
export async function openGenerateMatch(
  device: BenchDevice,
  inputs: Inputs,
  tokens: number,
  mostRows: number,
): Promise<MatchContestant> {
  const { name, generate, parts } = await load(device, inputs);
  const judge = await openJudge({ folder: MODELS });
  const tokenizer = new PolicyTokenizer(parts.tokenizer);
  const match = { generate, tokenizer, format: parts.format, judge };
  return generateMatch(name, matchOf(judge.reference, tokens), match, mostRows);
}

/** transformers.js over the graph and weights that ours runs on the device; its files come out of memory. */
async function load(device: BenchDevice, inputs: Inputs) {
  const parts = await policyParts(device);
  const { graph, external } = parts.files;
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
  const generate: Generate = plainGenerate(library, model, inputs);
  return { name: `@huggingface/transformers ${env.version} generate`, generate, parts };
}
