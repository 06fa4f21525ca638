/** Builds the two external-data files of a policy graph from the 4-bit base weights and a LoRA adapter. */

import { DialError } from "../../domain/errors";
import type { Layout, LayoutFile, LayoutTensor } from "./layout";
import { type Lora, loraA, loraB } from "./lora";
import { type PackedMatrix, packedMatrix, rowScales, toInt8 } from "./requantise";
import { type StoredTensor, type TensorFile, toFloat32 } from "./safetensors";

type Values = Uint8Array | Int8Array | Float32Array;

/** base.bin: the weights that all adapters share. */
export function buildBase(layout: Layout, { tensors }: TensorFile): Uint8Array {
  const known = new Map<string, { readonly matrix: PackedMatrix; readonly scales: Float32Array }>();
  /** Asked for twice: for its scales, and for the weights that they belong to. */
  const matrixOf = (name: string) => {
    let found = known.get(name);
    if (!found) {
      const matrix = packedMatrix(tensors, name);
      found = { matrix, scales: rowScales(matrix) };
      known.set(name, found);
    }
    return found;
  };
  return build(layout.base, ({ name, make }) => {
    switch (make.kind) {
      case "copy":
        return find(tensors, make.from).data;
      case "float32":
        return toFloat32(find(tensors, make.from));
      case "int8-scale":
        return matrixOf(make.from).scales;
      case "int8": {
        const { matrix, scales } = matrixOf(make.from);
        return toInt8(matrix, scales);
      }
      default:
        throw new DialError("model-damaged", `the graph wants ${name} made from an adapter in its base file`);
    }
  });
}

/** adapter.bin: the two factors of each low-rank update; a module that the adapter leaves out is zero. */
export function buildAdapter(layout: Layout, adapter: Lora): Uint8Array {
  return build(layout.adapter, ({ name, make }) => {
    if (make.kind === "lora-a") return loraA(adapter, make);
    if (make.kind === "lora-b") return loraB(adapter, make);
    throw new DialError("model-damaged", `the graph wants ${name} made from the base in its adapter file`);
  });
}

function build(file: LayoutFile, valuesOf: (tensor: LayoutTensor) => Values): Uint8Array {
  const bytes = new Uint8Array(file.bytes);
  for (const tensor of file.tensors) {
    const values = valuesOf(tensor);
    if (values.byteLength !== tensor.bytes) {
      throw new DialError(
        "model-damaged",
        `${tensor.name} has ${values.byteLength} bytes, the graph wants ${tensor.bytes}`,
      );
    }
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), tensor.offset);
  }
  return bytes;
}

function find(tensors: ReadonlyMap<string, StoredTensor>, name: string): StoredTensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new DialError("model-damaged", `the base weights have no ${name}`);
  return tensor;
}
