/** Reader for safetensors files: a little-endian uint64 header length, a JSON header, raw tensors. */

import * as v from "valibot";
import { DialError } from "../../domain/errors";

export interface StoredTensor {
  /** "U8", "F16", "F32", ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** View on the file's bytes, little-endian, row-major. */
  readonly data: Uint8Array;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads one file, or the shards of one, into one table. No bytes are copied.
 * @throws DialError "model-damaged" when a header does not describe the file.
 */
export function readSafetensors(
  shards: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): TensorFile {
  const tensors = new Map<string, StoredTensor>();
  const metadata: Record<string, string> = {};
  for (const { path, bytes } of shards) {
    const { header, start } = readHeader(path, bytes);
    for (const [name, entry] of Object.entries(header)) {
      if (name === "__metadata__") {
        Object.assign(metadata, entry);
        continue;
      }
      const described = v.safeParse(headerEntry, entry);
      if (!described.success) throw damaged(path, `${name} has no type, shape and offsets`);
      const { dtype, shape, data_offsets: offsets } = described.output;
      const [from, to] = offsets;
      if (!(from >= 0 && from <= to && start + to <= bytes.length))
        throw damaged(path, `${name} lies outside the file`);
      tensors.set(name, { dtype, shape, data: bytes.subarray(start + from, start + to) });
    }
  }
  return { tensors, metadata };
}

const headerEntry = v.object({
  dtype: v.string(),
  shape: v.array(v.number()),
  data_offsets: v.tuple([v.number(), v.number()]),
});

function readHeader(path: string, bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw damaged(path, "it is too short");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > bytes.length - 8) throw damaged(path, "its header is longer than the file");
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    return { header, start: 8 + length };
  } catch {
    throw damaged(path, "its header is not JSON");
  }
}

function damaged(path: string, why: string): DialError {
  return new DialError("model-damaged", `${path} is not a safetensors file: ${why}`, true);
}

/** A copy of the values as float32 (a file does not promise aligned data); F16 and BF16 are widened. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  if (tensor.dtype === "F32") return new Float32Array(new Uint8Array(tensor.data).buffer);
  if (tensor.dtype !== "F16" && tensor.dtype !== "BF16")
    throw new DialError("model-damaged", `expected F32, F16 or BF16 values, found ${tensor.dtype}`);
  const halves = new Uint16Array(new Uint8Array(tensor.data).buffer);
  // bfloat16 is the upper half of a float32.
  if (tensor.dtype === "BF16") return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
  const widened = new Float32Array(halves.length);
  const table = halfTable();
  for (let i = 0; i < halves.length; i++) widened[i] = table[halves[i] as number] as number;
  return widened;
}

let table: Float32Array | undefined;

/** The value of each of the 65,536 IEEE half-precision patterns. */
function halfTable(): Float32Array {
  if (table) return table;
  table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 0) table[bits] = sign * fraction * 2 ** -24;
    else if (exponent === 31) table[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else table[bits] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return table;
}
