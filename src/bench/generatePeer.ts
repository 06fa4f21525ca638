import type { PreTrainedModel, TextStreamer } from "@huggingface/transformers";
import type { Contestant, Timing } from "../experiments/bench";
import { kvShape } from "../runtimes/local/kvCache";
import type { Session } from "../runtimes/local/session";

/** How `generate` is asked for many rows. */
export type RowsOfGenerate = "in a batch" | "one by one";

type Library = Pick<typeof import("@huggingface/transformers"), "DynamicCache" | "Tensor" | "env">;

/**
 * `generate` of transformers.js. It samples with its own defaults (temperature 1, the 50 likeliest tokens): with all of
 * them it would sort the vocabulary for every token.
 */
export function generatePeer(
  { DynamicCache, Tensor, env }: Library,
  model: PreTrainedModel,
  inputs: Session<unknown>["inputs"],
  how: RowsOfGenerate,
): Contestant {
  const shape = kvShape(inputs);

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

  async function generate(ids: readonly number[], rows: number, tokens: number): Promise<Timing> {
    const dims = [rows, ids.length];
    const batch = BigInt64Array.from(Array.from({ length: rows }, () => ids).flat(), BigInt);
    const start = performance.now();
    let first = 0;
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
          if (++calls === 2) first = performance.now() - start;
        },
        end() {},
      } as Pick<TextStreamer, "put" | "end"> as TextStreamer, // Nothing else of it is used.
    });
    return { first, total: performance.now() - start };
  }

  return {
    name: `@huggingface/transformers ${env.version} generate, ${how}`,
    mostRows: how === "one by one" ? 16 : Number.POSITIVE_INFINITY,
    async run(ids, rows, tokens) {
      if (how === "in a batch") return generate(ids, rows, tokens);
      let timing = { first: 0, total: 0 };
      for (let row = 0; row < rows; row++) {
        const { first, total } = await generate(ids, 1, tokens);
        timing = { first: timing.first || first, total: timing.total + total };
      }
      return timing;
    },
  };
}

/** A config.json of the graph; with no end token, so that rows have the length asked for. */
export function generateConfig(inputs: Session<unknown>["inputs"]): Record<string, unknown> {
  const shape = kvShape(inputs);
  return {
    model_type: "llama",
    num_hidden_layers: shape.layers,
    num_key_value_heads: shape.heads,
    num_attention_heads: shape.heads,
    head_dim: shape.headSize,
  };
}
