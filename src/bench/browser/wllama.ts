import { Wllama } from "@wllama/wllama/esm/index.js";
import wasmUrl from "@wllama/wllama/esm/wasm/wllama.wasm?url";
import { threadCount } from "../../runtimes/local/ort";
import { PolicyTokenizer } from "../../runtimes/local/tokenizer";
import type { OpenedRuntime } from "./openedRuntime";

const MOST_ROWS = 16;
const CONTEXT = 4096;
/** benchServer.ts serves the file here. */
const GGUF = "/bench.gguf";

/** llama.cpp in WASM: its server's slots, one a row, which is its way of running rows together. */
export async function openWllama(): Promise<OpenedRuntime> {
  const tokenizerJson = await (await fetch("/models/policy/tokenizer.json")).text();
  const tokenizer = new PolicyTokenizer(tokenizerJson);
  const wllama = new Wllama({ default: wasmUrl }, { suppressNativeLog: true });
  await wllama.loadModel([await (await fetch(GGUF)).blob()], {
    n_ctx: CONTEXT,
    n_parallel: MOST_ROWS,
    n_threads: threadCount(),
    n_gpu_layers: 0,
  });
  return {
    contestants: [
      {
        name: "wllama",
        mostRows: MOST_ROWS,
        async run(ids, rows, tokens) {
          const stream = tokenizer.textStream();
          for (const id of ids) stream.push(id);
          const prompt = stream.end();
          const start = performance.now();
          let first = 0;
          await Promise.all(
            Array.from({ length: rows }, async (_, row) => {
              const request = {
                prompt,
                max_tokens: tokens,
                temperature: 1,
                top_k: 50,
                seed: row,
                stream: true as const,
                ignore_eos: true,
                cache_prompt: false,
                onData: () => {
                  first ||= performance.now() - start;
                },
              };
              await wllama.createCompletion(request);
            }),
          );
          return { first, total: performance.now() - start };
        },
      },
    ],
  };
}
