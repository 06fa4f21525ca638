import { describe, expect, test } from "vitest";
import shipped from "../../models/manifest.json";
import metrics from "../../models/metrics.json";
import { formatOf } from "../../src/app/models/manifest";
import { manifestFiles } from "../../src/app/models/manifestFiles";
import { manifestMetrics } from "../../src/app/models/manifestMetrics";
import {
  BASE_POLICY,
  checkManifest,
  heldoutJudge,
  judgeEntry,
  judgeFiles,
  policyEntry,
  policyFiles,
  scoringFiles,
  shippedPolicies,
} from "../../src/runtimes/local/manifest";

const FILE = { path: "a", bytes: 1, sha256: "" };

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
        licence: "BSD",
        source: "a graph",
      },
    },
    adapters: {
      main: {
        path: "policy/main.safetensors",
        bytes: 2,
        sha256: "dd",
        licence: "MIT",
        metrics: {
          uniform: { helpful: { r: 0.5, ci: [0.4, 0.6] }, harmless: { r: 0.25, ci: [0.1, 0.4], slope: 0.2 } },
          high: { helpful: { r: -0.1, ci: [-0.2, 0] } },
        },
      },
      other: { path: "policy/other.safetensors", bytes: 2, sha256: "ee", metrics: {} },
      "main-again": { path: "policy/main.safetensors", bytes: 2, sha256: "dd", licence: "MIT" },
    },
  },
  judges: { minilm: { metrics: { n: 100, note: "on the development set" } } },
};

describe("what the manifest says", () => {
  test("lists files once, wherever they stand, with the licence of the nearest part", () => {
    expect(manifestFiles(MANIFEST).map(({ path, licence, source }) => [path, licence, source])).toEqual([
      ["policy/base-1.safetensors", "Apache-2.0", "a base"],
      ["policy/p.onnx", "BSD", "a graph"],
      ["policy/p.json", "BSD", "a graph"],
      ["policy/main.safetensors", "MIT", ""],
      ["policy/other.safetensors", "", ""],
    ]);
  });

  test("says of a file that two parts share what the first says", () => {
    const file = { path: "base.safetensors", bytes: 1, sha256: "aa" };
    const shared = {
      policy: { source: "a base", files: [file] },
      judge: { source: "a judge", files: [file] },
    };
    expect(manifestFiles(shared)).toEqual([{ ...file, licence: "", source: "a base" }]);
  });

  test("gives a table of figures for each part that was measured, a row for each thing measured", () => {
    expect(manifestMetrics(MANIFEST)).toEqual([
      {
        part: ["policy", "adapters", "main"],
        figures: ["r", "ci", "slope"],
        rows: [
          { keys: ["uniform", "helpful"], values: { r: 0.5, ci: [0.4, 0.6] } },
          { keys: ["uniform", "harmless"], values: { r: 0.25, ci: [0.1, 0.4], slope: 0.2 } },
          { keys: ["high", "helpful"], values: { r: -0.1, ci: [-0.2, 0] } },
        ],
      },
      { part: ["judges", "minilm"], figures: ["n"], rows: [{ keys: [], values: { n: 100 } }] },
    ]);
  });
});

describe("the shipped manifest", () => {
  test("gives the figures that were measured last", () => {
    const measured = (name: "match-in-range" | "match-uniform", axis: "helpful" | "harmless") =>
      metrics[name].result[axis].r;
    const { metrics: shown } = shipped.policy.adapters.main;
    for (const axis of ["helpful", "harmless"] as const) {
      expect(shown["in-range"][axis].r).toBeCloseTo(measured("match-in-range", axis), 3);
      expect(shown.uniform[axis].r).toBeCloseTo(measured("match-uniform", axis), 3);
    }
  });
});

const file = { path: "a", bytes: 1, sha256: "0".repeat(64) };
const origin = { licence: "MIT", source: "a test" };
const graph = { ...file, layout: file };
const adapter = (format: string, path = "a") => {
  return { ...file, path, ...origin, format, axes: ["helpful", "harmless"] };
};
const WHOLE = {
  version: 1,
  policy: {
    name: "a policy",
    context: 16,
    base: { ...origin, files: [file] },
    graphs: { nbits: graph, int8: graph },
    tokenizer: file,
    adapters: { main: adapter("bottom", "main"), upper: adapter("top", "upper") },
  },
  judges: { minilm: { ...origin, graph: file, tokenizer: file, reference: file } },
  defaults: { adapter: "upper", judge: "minilm" },
};

describe("policies", () => {
  const manifest = checkManifest(WHOLE);
  const paths = (name?: string) =>
    policyFiles(manifest, policyEntry(manifest, name).adapter, "nbits").map(({ path }) => path);

  test("are the base with an adapter, or the base alone", () => {
    expect(paths()).toEqual(["a", "a", "a", "a", "upper"]);
    expect(paths("main")).toEqual(["a", "a", "a", "a", "main"]);
    expect(paths(BASE_POLICY)).toEqual(["a", "a", "a", "a"]);
    expect(policyEntry(manifest, BASE_POLICY)).toMatchObject({ format: "none", axes: [] });
    expect(policyEntry(manifest, "main").axes).toEqual(["helpful", "harmless"]);
    expect(() => paths("other")).toThrow("unknown adapter: other; expected one of main, upper");
  });

  test("are offered to studies by name, format and axes", () => {
    expect(shippedPolicies(manifest)).toEqual({
      adapters: [
        { name: "main", format: "bottom", axes: ["helpful", "harmless"] },
        { name: "upper", format: "top", axes: ["helpful", "harmless"] },
      ],
      main: "upper",
      base: "base",
    });
  });
});

describe("a judge", () => {
  const named = (path: string) => ({ ...file, path });
  const graphs = {
    nbits: { ...named("nbits"), layout: named("nbits layout") },
    int8: { ...named("int8"), layout: named("int8 layout") },
  };
  const parts = { ...origin, tokenizer: named("tokenizer"), reference: named("reference") };
  const onBase = { ...parts, graphs, base: [named("shard")] };
  const judges = { minilm: { ...parts, graph: named("graph") }, other: onBase };
  const manifest = checkManifest({ ...WHOLE, judges });
  const paths = (name: string, kind: "nbits" | "int8") =>
    judgeFiles(judgeEntry(manifest, name), kind).map(({ path }) => path);

  test("is loaded from its own graph, or from a graph on the policy's base and the shards that it uses", () => {
    expect(paths("minilm", "int8")).toEqual(["graph", "tokenizer", "reference"]);
    expect(paths("other", "int8")).toEqual(["int8", "int8 layout", "shard", "tokenizer", "reference"]);
    expect(paths("other", "nbits")).toEqual(["nbits", "nbits layout", "shard", "tokenizer", "reference"]);
  });

  test("scores by all of its files but the reference", () => {
    const scoring = scoringFiles(judgeEntry(manifest, "other"), "nbits");
    expect(scoring.map(({ path }) => path)).toEqual(["nbits", "nbits layout", "shard", "tokenizer"]);
  });

  test("is damaged where it has neither", () => {
    expect(() => checkManifest({ ...WHOLE, judges: { minilm: parts } })).toThrow("judges.minilm");
  });
});

describe("the format of prompts", () => {
  test("is that of the adapter that is loaded", () => {
    expect(formatOf(WHOLE)).toBe("top");
  });

  test("is the usual one until the manifest is there, or where it is damaged", () => {
    expect(formatOf(null)).toBe("bottom");
    expect(formatOf({ version: 2 })).toBe("bottom");
  });
});

test("the second judge is another one than that which scores; none where one ships alone", () => {
  const judge = { licence: "", source: "", graph: FILE, tokenizer: FILE, reference: FILE };
  const defaults = { adapter: "main", judge: "minilm" };
  expect(heldoutJudge({ judges: { minilm: judge }, defaults })).toBeNull();
  const two = { judges: { other: judge, minilm: judge }, defaults };
  expect(heldoutJudge(two)).toBe("other");
  expect(heldoutJudge(two, "other")).toBe("minilm");
});
