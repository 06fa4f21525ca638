import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TextStreamer } from "@huggingface/transformers";
import type { Contestant } from "../../experiments/bench";
import { type KvShape, kvShape } from "../../runtimes/local/kvCache";
import type { GraphFiles, Session } from "../../runtimes/local/session";

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/reward-dial", import.meta.url));

export interface Peer extends Contestant {
  close(): Promise<void>;
}

/**
 * `generate` of transformers.js over the same graph and weights, on the same onnxruntime-node. It samples with its own
 * defaults (temperature 1, the 50 likeliest tokens): with all of them it would sort the vocabulary for every token.
 */
export async function transformersPeer(
  graph: GraphFiles,
  inputs: Session<unknown>["inputs"],
  threads: number,
): Promise<Peer> {
  const { AutoModelForCausalLM, DynamicCache, env, Tensor } = await import("@huggingface/transformers");
  const shape = kvShape(inputs);
  const folder = await modelFolder(graph, shape);
  const closeFolder = () => rm(folder, { recursive: true, force: true });
  let model: Awaited<ReturnType<typeof AutoModelForCausalLM.from_pretrained>>;
  try {
    model = await AutoModelForCausalLM.from_pretrained(folder, {
      local_files_only: true,
      dtype: "fp32", // The file without a suffix; nothing is converted.
      device: "cpu",
      session_options: { intraOpNumThreads: threads },
    });
  } catch (error) {
    await closeFolder();
    throw error;
  }

  /** It makes an empty cache by itself only where the graph calls its first dimension "batch_size". */
  const emptyCache = (rows: number) =>
    new DynamicCache(
      Object.fromEntries(
        inputs
          .filter(({ name }) => name.startsWith("past_key_values."))
          .map(({ name }) => {
            return [name, new Tensor("float32", new Float32Array(), [rows, shape.heads, 0, shape.headSize])];
          }),
      ),
    );

  return {
    name: `@huggingface/transformers ${env.version} generate`,
    async run(ids, rows, tokens) {
      const dims = [rows, ids.length];
      const batch = BigInt64Array.from(Array.from({ length: rows }, () => ids).flat(), BigInt);
      const start = performance.now();
      let first = start;
      let calls = 0;
      await model.generate({
        inputs: new Tensor("int64", batch, dims),
        attention_mask: new Tensor("int64", new BigInt64Array(batch.length).fill(1n), dims),
        past_key_values: emptyCache(rows),
        do_sample: true,
        max_new_tokens: tokens,
        streamer: {
          // The prompts come first, then a token of every row at a time.
          put() {
            if (++calls === 2) first = performance.now();
          },
          end() {},
        } as Pick<TextStreamer, "put" | "end"> as TextStreamer, // Nothing else of it is used.
      });
      return { first: first - start, rest: performance.now() - first };
    },
    async close() {
      await model.dispose();
      await closeFolder();
    },
  };
}

/** A folder as transformers.js wants a model; no end token, so that rows have the length asked for. */
async function modelFolder({ graph, external }: GraphFiles, shape: KvShape): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, "bench-"));
  await mkdir(join(folder, "onnx"));
  const config = {
    model_type: "llama",
    num_hidden_layers: shape.layers,
    num_key_value_heads: shape.heads,
    num_attention_heads: shape.heads,
    head_dim: shape.headSize,
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  for (const [name, bytes] of Object.entries({ "model.onnx": graph, ...external })) {
    await writeFile(join(folder, "onnx", name), bytes);
  }
  return folder;
}
