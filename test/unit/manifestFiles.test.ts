import { describe, expect, test } from "vitest";
import { manifestFiles, manifestMetrics } from "../../src/app/models/manifestFiles";

const MANIFEST = {
  version: 1,
  policy: {
    base: {
      licence: "Apache-2.0",
      source: "a base",
      files: [{ path: "policy/base-1.safetensors", bytes: 5, sha256: "aa" }],
    },
    graphs: {
      int8: {
        path: "policy/p.onnx",
        bytes: 7,
        sha256: "bb",
        layout: { path: "policy/p.json", bytes: 1, sha256: "cc" },
      },
    },
    adapters: {
      main: {
        path: "policy/main.safetensors",
        bytes: 2,
        sha256: "dd",
        licence: "MIT",
        metrics: { helpful: { r: 0.5, ci: [0.4, 0.6] } },
      },
    },
  },
};

describe("what the manifest says", () => {
  test("lists files wherever they stand, with the licence of the nearest part", () => {
    expect(manifestFiles(MANIFEST).map(({ path, licence, source }) => [path, licence, source])).toEqual([
      ["policy/base-1.safetensors", "Apache-2.0", "a base"],
      ["policy/p.onnx", "", ""],
      ["policy/p.json", "", ""],
      ["policy/main.safetensors", "MIT", ""],
    ]);
  });

  test("lists figures under the part that they were measured on", () => {
    expect(manifestMetrics(MANIFEST)).toEqual([
      { part: "policy adapters main", name: "helpful r", value: "0.5" },
      { part: "policy adapters main", name: "helpful ci", value: "[0.4, 0.6]" },
    ]);
  });
});
