import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJudge } from "../../src/runtimes/local/browser";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { createGpuSession } from "../../src/runtimes/local/gpuSession";
import { policyGraph, type ReadFile } from "../../src/runtimes/local/loadPolicy";
import { adapterEntry, type Manifest, policyFiles } from "../../src/runtimes/local/manifest";
import { fetchManifest } from "../../src/runtimes/local/modelLoad";
import { ortWasm } from "../../src/runtimes/local/ort";
import type { Session } from "../../src/runtimes/local/session";
import { createWasmSession } from "../../src/runtimes/local/wasmSession";
import { readModelFile } from "../../src/storage/modelFiles";
import policyGolden from "../golden/policy.json";
import rewardGolden from "../golden/reward.json";
import { checkJudge, GoldenPolicy, type PolicyCase } from "../support/golden";

const FOLDER = new URL("/models/", location.href).href;
const CASES = policyGolden.cases as unknown as readonly PolicyCase[];

/** Weights in 8 bits with a scale a row and activations in two 8-bit parts, against 4-bit weights in float32. */
const INT8_TOLERANCE = 0.6;
/** The same weights in float32 on both sides. */
const FLOAT_TOLERANCE = 0.001;
const SCORE_TOLERANCE = 0.01;

let manifest: Manifest;
let read: ReadFile;

beforeAll(async () => {
  manifest = await fetchManifest(FOLDER);
  const adapter = adapterEntry(manifest);
  const files = [...policyFiles(manifest, adapter, "int8"), ...policyFiles(manifest, adapter, "nbits")];
  read = async (path) => {
    const file = files.find((candidate) => candidate.path === path);
    if (!file) throw new Error(`${path} is not in the manifest`);
    return readModelFile(FOLDER, file);
  };
});

describe("the shipped policy on WASM", () => {
  let policy: GoldenPolicy<number>;
  let same = 0;

  beforeAll(async () => {
    const wasm = await ortWasm();
    policy = await GoldenPolicy.load(manifest, "int8", read, (files) => createWasmSession(wasm, files));
  });
  afterAll(() => policy?.close());

  it.each(CASES.map((golden, index) => [index, golden] as const))(
    "answers input %i as PyTorch does",
    async (_, golden) => {
      const [, tokens] = await policy.check(golden, INT8_TOLERANCE);
      same += tokens;
    },
  );

  it("chooses PyTorch's tokens, near ties apart", () => {
    expect(same).toBeGreaterThanOrEqual(0.85 * CASES.length * 8);
  });
});

describe("the shipped policy on WebGPU", () => {
  // SwiftShader takes seconds a token, so a few tokens stand for the 20 inputs; Node has run those on the same graph.
  it("gives the logits that the same graph gives on WASM", async () => {
    const ids = (CASES[0] as PolicyCase).ids.slice(0, 6);
    const files = await policyGraph(manifest, adapterEntry(manifest).path, "nbits", read);
    const logits = async <Block>(session: Session<Block>): Promise<Float32Array> => {
      const prefix = await new SessionDecoder(session, 2 ** 28).prefill(ids);
      await session.close();
      return prefix.logits;
    };
    const wasm = await logits(await createWasmSession(await ortWasm(), files));
    const gpu = await logits(await createGpuSession(files));
    const differences = gpu.map((value, token) => Math.abs(value - (wasm[token] as number)));
    expect(differences.reduce((a, b) => Math.max(a, b))).toBeLessThan(FLOAT_TOLERANCE);
    expect(Math.max(...gpu.subarray(0, 1000)) - Math.min(...gpu.subarray(0, 1000))).toBeGreaterThan(1);
  }, 300_000);
});

describe("the shipped judge on WASM", () => {
  it("scores as PyTorch does", async () => {
    const judge = await openJudge({ folder: FOLDER });
    await checkJudge(judge, rewardGolden.cases, SCORE_TOLERANCE);
    judge.close();
  });
});
