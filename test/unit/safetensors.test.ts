import { describe, expect, it } from "vitest";
import { readSafetensors, toFloat32 } from "../../src/runtimes/local/safetensors";
import { safetensors } from "../support/safetensors";

describe("readSafetensors", () => {
  it("joins shards and metadata", () => {
    const { tensors, metadata } = readSafetensors([
      {
        path: "a",
        bytes: safetensors({ x: { dtype: "U8", shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) } }),
      },
      {
        path: "b",
        bytes: safetensors({ y: { dtype: "U8", shape: [1], data: Uint8Array.of(9) } }, { r: "4" }),
      },
    ]);
    expect([...tensors.keys()]).toEqual(["x", "y"]);
    expect(tensors.get("x")?.shape).toEqual([2, 2]);
    expect([...(tensors.get("x")?.data ?? [])]).toEqual([1, 2, 3, 4]);
    expect(metadata).toEqual({ r: "4" });
  });

  it("reads values from a view that begins anywhere in a larger buffer", () => {
    const bytes = safetensors({
      x: { dtype: "F32", shape: [2], data: new Uint8Array(Float32Array.of(1.5, -2).buffer) },
    });
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const { tensors } = readSafetensors([{ path: "a", bytes: shifted.subarray(3) }]);
    const x = tensors.get("x");
    expect(x && [...toFloat32(x)]).toEqual([1.5, -2]);
    expect(x && [...toFloat32({ ...x, data: Buffer.from(x.data) })]).toEqual([1.5, -2]);
  });

  it.each([
    ["too short", new Uint8Array(4)],
    ["header is longer", Uint8Array.of(255, 255, 0, 0, 0, 0, 0, 0, 1)],
    ["not JSON", Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 120, 120)],
    [
      "outside the file",
      safetensors({ x: { dtype: "U8", shape: [3], data: Uint8Array.of(1, 2, 3) } }).slice(0, -1),
    ],
  ])("names a damaged file: %s", (why, bytes) => {
    const error = expect.objectContaining({ code: "model-damaged", message: expect.stringContaining(why) });
    expect(() => readSafetensors([{ path: "base-1", bytes }])).toThrow(error);
    expect(() => readSafetensors([{ path: "base-1", bytes }])).toThrow("base-1");
  });
});

describe("toFloat32", () => {
  it("widens half precision: zeros, subnormals, normals, infinities", () => {
    // Bit patterns and values from IEEE 754-2019, binary16.
    const patterns = Uint16Array.of(
      0x0000,
      0x8000,
      0x0001,
      0x03ff,
      0x0400,
      0x3c00,
      0xc000,
      0x3555,
      0x7bff,
      0xfc00,
    );
    const values = toFloat32({ dtype: "F16", shape: [10], data: new Uint8Array(patterns.buffer) });
    const expected = [
      0,
      -0,
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      1,
      -2,
      0.333251953125,
      65504,
      Number.NEGATIVE_INFINITY,
    ];
    expect([...values]).toEqual(expected);
  });
});
