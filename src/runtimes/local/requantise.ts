/** 4-bit weights with a scale and a zero point a block (as MatMulNBits stores them) to 8 bits with a scale a row. */

import { DialError } from "../../domain/errors";
import { type StoredTensor, toFloat32 } from "./safetensors";

const BLOCK = 32;
const LEVELS = 16;
const INT8_MAX = 127;

/** A matrix [rows, columns]; w = scale (q - zero), both per row and block of 32 columns, q in 0..15. */
export interface PackedMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Two q a byte, the even column in the low nibble; [rows, columns / 2]. */
  readonly packed: Uint8Array;
  /** [rows, columns / 32] */
  readonly scales: Float32Array;
  /** Two zero points a byte, the even block in the low nibble; [rows, ceil(columns / 64)]. */
  readonly zeros: Uint8Array;
}

/** @throws DialError "model-damaged" where a part is missing. */
export function packedMatrix(tensors: ReadonlyMap<string, StoredTensor>, name: string): PackedMatrix {
  const part = (suffix: string): StoredTensor => {
    const tensor = tensors.get(`${name}.${suffix}`);
    if (!tensor) throw new DialError("model-damaged", `the base weights have no ${name}.${suffix}`);
    return tensor;
  };
  const packed = part("packed");
  const [rows = 0, blocks = 0] = packed.shape;
  return {
    rows,
    columns: blocks * BLOCK,
    packed: packed.data,
    scales: toFloat32(part("scales")),
    zeros: part("zeros").data,
  };
}

/** The float32 scale of each row's symmetric 8-bit form: its largest magnitude over 127 (1 for a row of zeros). */
export function rowScales({ rows, columns, packed, scales, zeros }: PackedMatrix): Float32Array {
  const blocks = columns / BLOCK;
  const zeroBytes = Math.ceil(blocks / 2);
  const found = new Float32Array(rows);
  const levels = levelsOfByte();
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let block = 0; block < blocks; block++) {
      const zero = nibble(zeros, row * zeroBytes, block);
      const start = (row * blocks + block) * (BLOCK / 2);
      let seen = 1 << zero;
      for (let at = start; at < start + BLOCK / 2; at++) seen |= levels[packed[at] as number] as number;
      const [low, high] = [31 - Math.clz32(seen & -seen), 31 - Math.clz32(seen)];
      const distance = Math.max(zero - low, high - zero);
      largest = Math.max(largest, distance * Math.abs(scales[row * blocks + block] as number));
    }
    found[row] = largest === 0 ? 1 : largest / INT8_MAX;
  }
  return found;
}

/** For each byte the two q that it holds, as bits of their numbers. */
function levelsOfByte(): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => (1 << (byte & 15)) | (1 << (byte >> 4)));
}

/** Rows made at a time: written one by one, each value would fall into a cache line of its own. */
const STRIP = 256;

/** The transpose [columns, rows] in 8 bits: round-half-even(w / scale of the row). */
export function toInt8(matrix: PackedMatrix, perRow: Float32Array): Int8Array {
  const { rows, columns, packed, scales, zeros } = matrix;
  const blocks = columns / BLOCK;
  const zeroBytes = Math.ceil(blocks / 2);
  // Of q from -16 to 31: a level above the zero point and the one as far below it differ in their sign alone.
  const levels = new Int8Array(3 * LEVELS);
  const values = new Int8Array(rows * columns);
  const strip = new Int8Array(BLOCK * STRIP);
  for (let first = 0; first < rows; first += STRIP) {
    const count = Math.min(STRIP, rows - first);
    for (let block = 0; block < blocks; block++) {
      for (let at = 0; at < count; at++) {
        const row = first + at;
        const rowScale = perRow[row] as number;
        const zero = nibble(zeros, row * zeroBytes, block);
        const scale = scales[row * blocks + block] as number;
        const farthest = Math.max(zero, LEVELS - 1 - zero);
        for (let distance = 0; distance <= farthest; distance++) {
          const level = roundHalfEven(Math.fround((scale * distance) / rowScale));
          levels[LEVELS + zero + distance] = level;
          levels[LEVELS + zero - distance] = -level;
        }
        let from = (row * blocks + block) * (BLOCK / 2);
        for (let to = at; to < BLOCK * STRIP; to += 2 * STRIP) {
          const byte = packed[from++] as number;
          strip[to] = levels[LEVELS + (byte & 15)] as number;
          strip[to + STRIP] = levels[LEVELS + (byte >> 4)] as number;
        }
      }
      for (let column = 0; column < BLOCK; column++) {
        const made = strip.subarray(column * STRIP, column * STRIP + count);
        values.set(made, (block * BLOCK + column) * rows + first);
      }
    }
  }
  return values;
}

function nibble(bytes: Uint8Array, start: number, index: number): number {
  const byte = bytes[start + (index >> 1)] as number;
  return index % 2 === 0 ? byte & 15 : byte >> 4;
}

const MAGIC = 1.5 * 2 ** 52;

/** Adding 1.5 * 2^52 leaves no bits for a fraction, and float64 addition rounds half to even. */
function roundHalfEven(value: number): number {
  return value + MAGIC - MAGIC;
}
