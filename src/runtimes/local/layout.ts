/** The sidecar of a policy graph: how its two external-data files are made from the stored weights. */

import * as v from "valibot";
import { checkModelFile } from "../../domain/checkModelFile";

const size = v.pipe(v.number(), v.integer(), v.minValue(0));
const from = v.string();
const lora = { layer: size, modules: v.array(v.string()), rank: size };

const make = v.variant("kind", [
  v.object({ kind: v.literal("copy"), from }),
  v.object({ kind: v.literal("float32"), from }),
  // parts: 8-bit numbers that an activation is split into, each multiplied by these weights.
  v.object({ kind: v.literal("int8"), from, parts: v.picklist([1, 2]) }),
  v.object({ kind: v.literal("int8-scale"), from }),
  v.object({ kind: v.literal("lora-a"), ...lora, in: size }),
  v.object({ kind: v.literal("lora-b"), ...lora, outs: v.array(size) }),
]);

const file = v.object({
  bytes: size,
  tensors: v.array(v.object({ name: v.string(), offset: size, bytes: size, make })),
});

const schema = v.object({ base: file, adapter: file });

export type Layout = v.InferOutput<typeof schema>;
export type LayoutFile = Layout["base"];
export type LayoutTensor = LayoutFile["tensors"][number];

/** @throws DialError "model-damaged" naming the first field that is wrong. */
export function checkLayout(path: string, value: unknown): Layout {
  return checkModelFile(path, schema, value);
}
