/** A run of a session in the terms of ONNX Runtime's JavaScript, which are the same under Node and on WebGPU. */

import type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-node";
import type { ResidentTensor, RunRequest, ValueShape } from "./session";

/** The parts of an ONNX Runtime package that a run needs. */
export interface TensorRuntime<Block> {
  readonly session: Pick<InferenceSession, "run">;
  readonly Tensor: TensorConstructor;
  /** Wraps a block without a copy. */
  toTensor(tensor: ResidentTensor<Block>): Tensor;
}

export async function runTensors<Block>(
  { session, Tensor, toTensor }: TensorRuntime<Block>,
  { ints, residentInputs = {}, residentOutputs = {}, fetch }: RunRequest<Block>,
): Promise<Float32Array> {
  const feeds: Record<string, Tensor> = {};
  for (const [name, { data, dims }] of Object.entries(ints)) feeds[name] = new Tensor("int64", data, dims);
  for (const [name, tensor] of Object.entries(residentInputs)) feeds[name] = toTensor(tensor);
  const fetches: Record<string, Tensor | null> = { [fetch]: null };
  for (const [name, tensor] of Object.entries(residentOutputs)) fetches[name] = toTensor(tensor);
  const results = await session.run(feeds, fetches);
  return (results[fetch] as Tensor).data as Float32Array;
}

export function shapeOf(value: InferenceSession.ValueMetadata): ValueShape {
  return { name: value.name, dims: value.isTensor ? value.shape : [] };
}
