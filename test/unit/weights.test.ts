import { describe, expect, it } from "vitest";
import type { Layout } from "../../src/runtimes/local/layout";
import { NO_LORA, readLora } from "../../src/runtimes/local/lora";
import { packedMatrix, rowScales, toInt8 } from "../../src/runtimes/local/requantise";
import { readSafetensors } from "../../src/runtimes/local/safetensors";
import { buildAdapter, buildBase } from "../../src/runtimes/local/weights";
import { float32, safetensors } from "../support/safetensors";

/** Half-precision 1, 0.5 and 0.25. */
const ONE = 0x3c00;
const HALF = 0x3800;
const QUARTER = 0x3400;

/** Two rows of 64 columns: q counts up, so that nibble order and block order show. */
const Q = [Array.from({ length: 64 }, (_, k) => k % 16), Array.from({ length: 64 }, (_, k) => 15 - (k % 16))];
const SCALES = [
  [1, 0.5],
  [0.25, 1],
];
const ZEROS = [
  [8, 3],
  [0, 15],
];
const FILE = readSafetensors([
  {
    path: "base",
    bytes: safetensors({
      "m.packed": {
        dtype: "U8",
        shape: [2, 2, 16],
        data: Uint8Array.from({ length: 64 }, (_, at) => {
          const row = Q[at >> 5] as number[];
          const k = (at % 32) * 2;
          return (row[k] as number) | ((row[k + 1] as number) << 4);
        }),
      },
      "m.scales": {
        dtype: "F16",
        shape: [2, 2],
        data: new Uint8Array(Uint16Array.of(ONE, HALF, QUARTER, ONE).buffer),
      },
      "m.zeros": { dtype: "U8", shape: [2, 1], data: Uint8Array.of(8 | (3 << 4), 0 | (15 << 4)) },
      norm: float32([2], [1.5, -2]),
    }),
  },
]);

function weight(n: number, k: number): number {
  const block = k >> 5;
  const q = Q[n]?.[k] as number;
  return (SCALES[n]?.[block] as number) * (q - (ZEROS[n]?.[block] as number));
}

/** Round half to even, by its definition. */
function rounded(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

describe("re-quantising to 8 bits", () => {
  const matrix = packedMatrix(FILE.tensors, "m");

  it("scales each row by its largest magnitude over 127", () => {
    // Row 0: largest |w| is 1 * (0 - 8); row 1: 1 * (0 - 15).
    expect([...rowScales(matrix)]).toEqual([Math.fround(8 / 127), Math.fround(15 / 127)]);
  });

  it.each([
    { low: 7, high: 9, zero: 12, largest: 5 },
    { low: 10, high: 13, zero: 8, largest: 5 },
    { low: 3, high: 15, zero: 4, largest: 11 },
  ])(
    "finds it among the values $low and $high around the zero point $zero",
    ({ low, high, zero, largest }) => {
      const packed = new Uint8Array(16).fill(low | (low << 4));
      packed[5] = low | (high << 4);
      const two = { rows: 1, columns: 32, packed, scales: Float32Array.of(0.5), zeros: Uint8Array.of(zero) };
      const scale = Math.fround((0.5 * largest) / 127);
      expect([...rowScales(two)]).toEqual([scale]);
      const [first, , , , , , , , , , , other] = toInt8(two, Float32Array.of(scale));
      expect([first, other]).toEqual(
        [low, high].map((q) => rounded(Math.fround((0.5 * (q - zero)) / scale))),
      );
    },
  );

  it("gives the transpose, rounded half to even", () => {
    const scales = rowScales(matrix);
    const expected: number[] = [];
    for (let k = 0; k < 64; k++) {
      for (let n = 0; n < 2; n++) expected.push(rounded(Math.fround(weight(n, k) / (scales[n] as number))));
    }
    expect([...toInt8(matrix, scales)]).toEqual(expected);
  });

  it("rounds ties to the even number", () => {
    const ties = { ...matrix, rows: 1, columns: 32, scales: Float32Array.of(0.5), zeros: Uint8Array.of(0) };
    // Scale 1 a row, so that q * 0.5 lies half way for every odd q.
    const values = [...toInt8(ties, Float32Array.of(1))].slice(0, 8);
    expect(values).toEqual([0, 0, 1, 2, 2, 2, 3, 4]);
  });

  it("gives a row of zeros the scale 1", () => {
    const zero = { ...matrix, rows: 1, columns: 32, scales: Float32Array.of(0), zeros: Uint8Array.of(0) };
    expect([...rowScales(zero)]).toEqual([1]);
    expect(new Set(toInt8(zero, Float32Array.of(1)))).toEqual(new Set([0]));
  });
});

describe("buildBase", () => {
  const layout = (tensors: Layout["base"]["tensors"], bytes: number): Layout => ({
    base: { bytes, tensors },
    adapter: { bytes: 0, tensors: [] },
  });

  it("lays each tensor at its offset", () => {
    const bytes = buildBase(
      layout(
        [
          { name: "norm", offset: 0, bytes: 8, make: { kind: "copy", from: "norm" } },
          { name: "scales", offset: 16, bytes: 16, make: { kind: "float32", from: "m.scales" } },
          { name: "int8", offset: 64, bytes: 128, make: { kind: "int8", from: "m", parts: 1 } },
          { name: "int8_scale", offset: 192, bytes: 8, make: { kind: "int8-scale", from: "m" } },
        ],
        200,
      ),
      FILE,
    );
    expect([...new Float32Array(bytes.buffer, 0, 2)]).toEqual([1.5, -2]);
    expect([...new Float32Array(bytes.buffer, 16, 4)]).toEqual([1, 0.5, 0.25, 1]);
    expect(new Int8Array(bytes.buffer, 64, 1)[0]).toBe(-127);
    expect(new Float32Array(bytes.buffer, 192, 2)[1]).toBe(Math.fround(15 / 127));
  });

  it.each([
    ["the base weights have no other", { kind: "copy", from: "other" }],
    ["the base weights have no other.packed", { kind: "int8", from: "other", parts: 1 }],
    ["norm has 8 bytes, the graph wants 4", { kind: "copy", from: "norm" }],
  ] as const)("refuses weights that do not fit the graph: %s", (message, make) => {
    const wanted = layout([{ name: "norm", offset: 0, bytes: 4, make }], 4);
    expect(() => buildBase(wanted, FILE)).toThrow(message);
  });
});

describe("buildAdapter", () => {
  const prefix = "base_model.model.model.layers.0.self_attn";
  const file = readSafetensors([
    {
      path: "adapter",
      bytes: safetensors(
        {
          [`${prefix}.q_proj.lora_A.weight`]: float32([1, 3], [1, 2, 3]),
          [`${prefix}.q_proj.lora_B.weight`]: float32([2, 1], [10, 20]),
          [`${prefix}.v_proj.lora_A.weight`]: float32([1, 3], [4, 5, 6]),
          [`${prefix}.v_proj.lora_B.weight`]: float32([1, 1], [30]),
        },
        { r: "1", lora_alpha: "2" },
      ),
    },
  ]);
  const modules = ["q_proj", "k_proj", "v_proj"];
  const layout: Layout = {
    base: { bytes: 0, tensors: [] },
    adapter: {
      bytes: 3 * 6 * 4 + 6 * 4 * 4,
      tensors: [
        { name: "a", offset: 0, bytes: 72, make: { kind: "lora-a", layer: 0, modules, rank: 2, in: 3 } },
        {
          name: "b",
          offset: 72,
          bytes: 96,
          make: { kind: "lora-b", layer: 0, modules, rank: 2, outs: [2, 1, 1] },
        },
      ],
    },
  };

  it("pads the rank, scales by alpha / r and leaves missing modules zero", () => {
    const { buffer } = buildAdapter(layout, readLora("adapter", file));
    // [in 3, rank 2 x modules 3]: q fills column 0, v column 4.
    expect([...new Float32Array(buffer, 0, 18)]).toEqual(
      [
        [1, 0, 0, 0, 4, 0],
        [2, 0, 0, 0, 5, 0],
        [3, 0, 0, 0, 6, 0],
      ].flat(),
    );
    // [rank 2 x modules 3, outs 2 + 1 + 1]: alpha / r = 2.
    expect([...new Float32Array(buffer, 72, 24)]).toEqual(
      [
        [20, 40, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 60],
        [0, 0, 0, 0],
      ].flat(),
    );
  });

  it("makes zeros of no adapter", () => {
    expect(buildAdapter(layout, NO_LORA).every((byte) => byte === 0)).toBe(true);
  });

  it("refuses a rank above the graph's", () => {
    const lora = { ...readLora("adapter", file), rank: 3 };
    expect(() => buildAdapter(layout, lora)).toThrow("the adapter has rank 3; the graph takes 2 at most");
  });

  it("refuses a file that does not say its rank", () => {
    expect(() => readLora("x.safetensors", { tensors: new Map(), metadata: {} })).toThrow("x.safetensors");
  });
});
