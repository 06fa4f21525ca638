import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { question } from "../../src/domain/dialogue";
import { openJudge } from "../../src/runtimes/local/browser";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { createGpuSession } from "../../src/runtimes/local/gpuSession";
import { loadJudge } from "../../src/runtimes/local/loadJudge";
import { policyGraph, type ReadFile, shippedLora } from "../../src/runtimes/local/loadPolicy";
import {
  adapterEntry,
  heldoutJudge,
  judgeEntry,
  judgeFiles,
  type Manifest,
  policyFiles,
} from "../../src/runtimes/local/manifest";
import { fetchManifest } from "../../src/runtimes/local/modelLoad";
import { ortWasm } from "../../src/runtimes/local/ort";
import type { GraphFiles, Session } from "../../src/runtimes/local/session";
import { createWasmSession } from "../../src/runtimes/local/wasmSession";
import type { Score } from "../../src/runtimes/rewardModel";
import { readModelFile } from "../../src/storage/modelFiles";
import heldoutGolden from "../golden/heldout-reward.json";
import policyGolden from "../golden/policy.json";
import rewardGolden from "../golden/reward.json";
import {
  type Answer,
  checkJudge,
  checkTogether,
  GoldenPolicy,
  HELDOUT_TOLERANCE,
  type PolicyCase,
  SCORE_TOLERANCE,
  TOLERANCE,
} from "../support/golden";

const FOLDER = new URL("/models/", location.href).href;
const CASES = policyGolden.cases as unknown as readonly PolicyCase[];

let manifest: Manifest;
let read: ReadFile;

beforeAll(async () => {
  manifest = await fetchManifest(FOLDER);
  const adapter = adapterEntry(manifest);
  const files = [
    ...policyFiles(manifest, adapter, "int8"),
    ...policyFiles(manifest, adapter, "nbits"),
    ...judgeFiles(judgeEntry(manifest), "int8"),
  ];
  read = async (path) => {
    const file = files.find((candidate) => candidate.path === path);
    if (!file) throw new Error(`${path} is not in the manifest`);
    return readModelFile(FOLDER, file);
  };
});

describe("the shipped policy on WASM", () => {
  let policy: GoldenPolicy<number>;
  const answers: Answer[] = [];

  beforeAll(async () => {
    const wasm = await ortWasm();
    policy = await GoldenPolicy.load(manifest, "int8", read, (files) => createWasmSession(wasm, files));
  });
  afterAll(() => policy?.close());

  it.each(CASES.map((golden, index) => [index, golden] as const))(
    "answers input %i as PyTorch does",
    async (_, golden) => {
      answers.push(await policy.check(golden));
    },
  );

  it("is near PyTorch over all inputs, in logits and in tokens", () => {
    checkTogether(answers, CASES, "int8");
  });
});

describe("the shipped policy on WebGPU", () => {
  // SwiftShader takes seconds a token, so two tokens stand for the 20 inputs; Node has run those on the same graph.
  it("gives the logits that the same graph gives on WASM", async () => {
    const ids = (CASES[0] as PolicyCase).ids.slice(0, 2);
    const files = await policyGraph(
      manifest,
      () => shippedLora(adapterEntry(manifest).path, read),
      "nbits",
      read,
    );
    const logits = async <Block>(session: Session<Block>): Promise<Float32Array> => {
      const prefix = await new SessionDecoder(session, 2 ** 28).prefill(ids);
      await session.close();
      return prefix.logits;
    };
    const wasm = await logits(await createWasmSession(await ortWasm(), files));
    const gpu = await logits(await createGpuSession(files));
    const differences = gpu.map((value, token) => Math.abs(value - (wasm[token] as number)));
    expect(differences.reduce((a, b) => Math.max(a, b))).toBeLessThan(TOLERANCE.nbits.logit);
    expect(Math.max(...gpu.subarray(0, 1000)) - Math.min(...gpu.subarray(0, 1000))).toBeGreaterThan(1);
  }, 300_000);
});

describe("the shipped judge on WASM", () => {
  it("scores as PyTorch does", async () => {
    const judge = await openJudge({ folder: FOLDER });
    await checkJudge(judge, rewardGolden.cases);
    judge.close();
  });
});

describe("the held-out judge on WASM", () => {
  it("scores as PyTorch does", async () => {
    const judge = await openJudge({ folder: FOLDER, judge: heldoutJudge(manifest) as string });
    await checkJudge(judge, heldoutGolden.cases, HELDOUT_TOLERANCE.int8);
    judge.close();
  });
});

describe("the shipped judge on WebGPU", () => {
  it("scores as it does on WASM", async () => {
    const example = { prompt: question("Hi"), completion: "Hello." };
    const raw = async <Block>(createSession: (files: GraphFiles) => Promise<Session<Block>>) => {
      const { judge, close } = await loadJudge(manifest, undefined, "int8", read, createSession);
      const [score] = await judge.score([example]);
      await close();
      return score?.raw as Score["raw"];
    };
    const wasm = await raw(async (files) => createWasmSession(await ortWasm(), files));
    const gpu = await raw(createGpuSession);
    expect(Math.abs(gpu.helpful - wasm.helpful)).toBeLessThan(SCORE_TOLERANCE);
    expect(Math.abs(gpu.harmless - wasm.harmless)).toBeLessThan(SCORE_TOLERANCE);
  });
});
