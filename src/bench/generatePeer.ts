import type { Contestant } from "../experiments/bench";
import { kvShape } from "../runtimes/local/kvCache";
import type { Session } from "../runtimes/local/session";
import type { Generate } from "./plainGenerate";

/** `generate` of transformers.js as it is asked for many rows: in a batch, or one by one. */
export function generatePeers(library: string, generate: Generate): Contestant[] {
  return [
    {
      name: `${library}, in a batch`,
      mostRows: Number.POSITIVE_INFINITY,
      run: (ids, rows, tokens) => generate({ ids, rows, tokens }),
    },
    {
      name: `${library}, one by one`,
      mostRows: 16,
      async run(ids, rows, tokens) {
        let timing = { first: 0, total: 0 };
        for (let row = 0; row < rows; row++) {
          const { first, total } = await generate({ ids, rows: 1, tokens });
          timing = { first: timing.first || first, total: timing.total + total };
        }
        return timing;
      },
    },
  ];
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
