/**
 * Low-rank updates in PEFT's layout (Hu et al. 2021, arXiv:2106.09685): y = W x + (alpha / r) B A x, with A [r, in] and
 * B [out, r] for each module.
 */

import { DialError } from "../../domain/errors";
import { type TensorFile, toFloat32 } from "./safetensors";

export interface LoraScale {
  readonly rank: number;
  /** alpha / r */
  readonly scale: number;
}

export interface Lora extends LoraScale {
  readonly file: TensorFile;
}

/** An adapter that changes nothing. */
export const NO_LORA: Lora = { rank: 1, scale: 1, file: { metadata: {}, tensors: new Map() } };

interface Factor {
  readonly layer: number;
  /** Modules that share an input, such as q_proj, k_proj, v_proj. */
  readonly modules: readonly string[];
  /** Rank that the graph gives each module; a smaller adapter is padded with zeros. */
  readonly rank: number;
}

/** @throws DialError "model-damaged" where the file does not say its rank and alpha. */
export function readLora(path: string, file: TensorFile): Lora {
  return { ...headerScale(path, file), file };
}

/**
 * Rank and scale from the header of a file of weights.
 * @throws DialError "model-damaged" where it does not say them.
 */
export function headerScale(path: string, file: TensorFile): LoraScale {
  const rank = Number(file.metadata.r);
  const alpha = Number(file.metadata.lora_alpha);
  if (!(rank > 0) || !Number.isFinite(alpha)) {
    throw new DialError(
      "model-damaged",
      `${path} does not say r and lora_alpha in its header; give its adapter_config.json with it`,
    );
  }
  return { rank, scale: alpha / rank };
}

/** The A of each module, transposed, side by side: [in, rank * modules]. */
export function loraA(lora: Lora, factor: Factor & { readonly in: number }): Float32Array {
  const width = factor.rank * factor.modules.length;
  const joined = new Float32Array(factor.in * width);
  factor.modules.forEach((module, index) => {
    const a = matrix(lora, factor, module, "lora_A", lora.rank * factor.in);
    if (!a) return;
    for (let r = 0; r < lora.rank; r++) {
      for (let i = 0; i < factor.in; i++) {
        joined[i * width + index * factor.rank + r] = a[r * factor.in + i] as number;
      }
    }
  });
  return joined;
}

/** The B of each module, transposed and scaled, on the diagonal: [rank * modules, sum of outs]. */
export function loraB(lora: Lora, factor: Factor & { readonly outs: readonly number[] }): Float32Array {
  const width = factor.outs.reduce((sum, out) => sum + out, 0);
  const joined = new Float32Array(factor.rank * factor.modules.length * width);
  let start = 0;
  factor.modules.forEach((module, index) => {
    const out = factor.outs[index] as number;
    const b = matrix(lora, factor, module, "lora_B", out * lora.rank);
    if (b) {
      for (let r = 0; r < lora.rank; r++) {
        const row = (index * factor.rank + r) * width + start;
        for (let o = 0; o < out; o++) joined[row + o] = (b[o * lora.rank + r] as number) * lora.scale;
      }
    }
    start += out;
  });
  return joined;
}

const BLOCKS: Readonly<Record<string, string>> = {
  q_proj: "self_attn",
  k_proj: "self_attn",
  v_proj: "self_attn",
  o_proj: "self_attn",
  gate_proj: "mlp",
  up_proj: "mlp",
  down_proj: "mlp",
};

function matrix(
  lora: Lora,
  { layer, rank }: Factor,
  module: string,
  part: string,
  size: number,
): Float32Array | undefined {
  const name = `base_model.model.model.layers.${layer}.${BLOCKS[module]}.${module}.${part}.weight`;
  const tensor = lora.file.tensors.get(name);
  if (!tensor) return undefined;
  if (lora.rank > rank) {
    throw new DialError(
      "model-damaged",
      `the adapter has rank ${lora.rank}; the graph takes ${rank} at most`,
    );
  }
  const values = toFloat32(tensor);
  if (values.length !== size) {
    throw new DialError("model-damaged", `${name} has ${values.length} values, expected ${size}`);
  }
  return values;
}
