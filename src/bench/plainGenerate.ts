import type { PreTrainedModel, TextStreamer } from "@huggingface/transformers";
import type { Timing } from "../experiments/bench";
import { kvShape } from "../runtimes/local/kvCache";
import type { Session } from "../runtimes/local/session";

export type Library = Pick<typeof import("@huggingface/transformers"), "DynamicCache" | "Tensor" | "env">;

export interface GenerateRequest {
  /** Token ids of the prompt. */
  readonly ids: readonly number[];
  readonly rows: number;
  /** New tokens a row at most. */
  readonly tokens: number;
  /** Tokens that end a row; left out, each has `tokens`. */
  readonly endTokens?: ReadonlySet<number>;
}

export interface Generated extends Timing {
  /** New tokens of the first row. */
  readonly sampled: readonly number[];
}

export type Generate = (request: GenerateRequest) => Promise<Generated>;

/**
 * One call of transformers.js' `generate`. It samples with its own defaults (temperature 1, the 50 likeliest tokens): with
 * all of them it would sort the vocabulary for every token.
 */
export function plainGenerate(
  { DynamicCache, Tensor }: Library,
  model: PreTrainedModel,
  inputs: Session<unknown>["inputs"],
): Generate {
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

  return async ({ ids, rows, tokens, endTokens }) => {
    const dims = [rows, ids.length];
    const batch = BigInt64Array.from(Array.from({ length: rows }, () => ids).flat(), BigInt);
    const start = performance.now();
    let first = 0;
    let calls = 0;
    const sequences = await model.generate({
      inputs: new Tensor("int64", batch, dims),
      attention_mask: new Tensor("int64", new BigInt64Array(batch.length).fill(1n), dims),
      past_key_values: emptyCache(rows),
      do_sample: true,
      max_new_tokens: tokens,
      ...(endTokens && { eos_token_id: [...endTokens] }),
      streamer: {
        // The prompts come first, then a token of every row at a time.
        put() {
          if (++calls === 2) first = performance.now() - start;
        },
        end() {},
      } as Pick<TextStreamer, "put" | "end"> as TextStreamer, // Nothing else of it is used.
    });
    const total = performance.now() - start;
    const { data, dims: made } = sequences as InstanceType<Library["Tensor"]>;
    const sampled = Array.from(data.slice(ids.length, made[1]) as BigInt64Array, Number);
    return { first, total, sampled };
  };
}
