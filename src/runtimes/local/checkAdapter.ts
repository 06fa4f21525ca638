/** Whether a LoRA from outside fits the policy's graph. */

import { DialError } from "../../domain/errors";
import type { Layout } from "./layout";
import type { LoraScale } from "./lora";
import type { StoredTensor, TensorFile } from "./safetensors";

export interface CheckedAdapter {
  readonly rank: number;
  /** Names of the modules that it changes, such as "q_proj". */
  readonly modules: readonly string[];
  /** Numbers of the layers that it changes, ascending. */
  readonly layers: readonly number[];
}

interface Slot {
  readonly in: number;
  readonly out: number;
  /** The graph's, the most that an adapter may have. */
  readonly rank: number;
}

const NAME = /^base_model\.model\.model\.layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)\.lora_([AB])\.weight$/;
/** Bytes of a value. */
const TYPES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

/**
 * Passes an adapter whose every tensor has a place in the graph.
 * @param scale from its header or its adapter_config.json.
 * @param base what the policy's base is called, for messages.
 * @throws DialError "invalid-adapter" naming the tensor that does not fit, and why.
 */
export function checkAdapter(
  path: string,
  { tensors }: TensorFile,
  scale: LoraScale,
  layout: Layout,
  base: string,
): CheckedAdapter {
  const slots = slotsOf(layout);
  const layers = new Set<number>();
  const modules = new Set<string>();
  if (tensors.size === 0) throw unfit(path, "it has no tensors");
  for (const [name, tensor] of tensors) {
    const [, layer = "", module = "", part = ""] = NAME.exec(name) ?? [];
    if (part === "") throw unfit(path, reasonFor(name));
    const slot = slots.get(`${layer} ${module}`);
    if (!slot) throw unfit(path, `${name}: ${base} has no such module; it was trained on another base`);
    checkTensor(path, name, tensor, part, slot, scale.rank, base);
    const other = name.replace(`lora_${part}`, part === "A" ? "lora_B" : "lora_A");
    if (!tensors.has(other)) throw unfit(path, `${name} is there without ${other}`);
    layers.add(Number(layer));
    modules.add(module);
  }
  return { rank: scale.rank, modules: [...modules], layers: [...layers].sort((a, b) => a - b) };
}

function checkTensor(
  path: string,
  name: string,
  { dtype, shape, data }: StoredTensor,
  part: string,
  slot: Slot,
  rank: number,
  base: string,
): void {
  const bytes = TYPES[dtype];
  if (bytes === undefined) {
    throw unfit(path, `${name} holds ${dtype}; expected ${Object.keys(TYPES).join(", ")}`);
  }
  const [found = 0, size] = part === "A" ? [shape[0], shape[1]] : [shape[1], shape[0]];
  const wanted = part === "A" ? slot.in : slot.out;
  if (shape.length !== 2 || size !== wanted) {
    throw unfit(
      path,
      `${name} is [${shape.join(", ")}], where ${base} has ${wanted} ${part === "A" ? "inputs" : "outputs"}; it was trained on another base`,
    );
  }
  if (data.length !== wanted * found * bytes)
    throw unfit(path, `${name} has not as many values as its shape says`);
  if (found !== rank) throw unfit(path, `${name} has rank ${found}, while r is ${rank}`);
  if (rank > slot.rank) throw unfit(path, `its rank is ${rank}; the graph takes ${slot.rank} at most`);
}

/** Where a graph takes low-rank updates, by layer and module. */
function slotsOf({ adapter }: Layout): ReadonlyMap<string, Slot> {
  const ins = new Map<string, number>();
  const slots = new Map<string, Slot>();
  for (const { make } of adapter.tensors) {
    if (make.kind === "lora-a")
      for (const module of make.modules) ins.set(`${make.layer} ${module}`, make.in);
  }
  for (const { make } of adapter.tensors) {
    if (make.kind !== "lora-b") continue;
    make.modules.forEach((module, index) => {
      const key = `${make.layer} ${module}`;
      slots.set(key, { in: ins.get(key) ?? 0, out: make.outs[index] ?? 0, rank: make.rank });
    });
  }
  return slots;
}

function reasonFor(name: string): string {
  if (name.includes("lora_magnitude_vector")) return `${name}: it is a DoRA; train a plain LoRA`;
  if (/embed_tokens|lm_head/.test(name)) {
    return `${name}: it changes the embedding or the head, which this page's graphs keep; train the linear layers alone`;
  }
  return `${name} is not the name of a LoRA's matrix; expected names such as base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight`;
}

function unfit(path: string, why: string): DialError {
  return new DialError("invalid-adapter", `${path}: ${why}`);
}
