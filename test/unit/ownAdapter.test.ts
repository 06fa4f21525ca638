import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readGivenAdapter } from "../../src/runtimes/local/givenAdapter";
import { checkLayout } from "../../src/runtimes/local/layout";
import { openPolicy } from "../../src/runtimes/local/node";
import { ownAdapter, ownPolicy, readAdapter } from "../../src/runtimes/local/ownAdapter";
import { toFloat32 } from "../../src/runtimes/local/safetensors";
import { float32, safetensors, type TensorToWrite } from "../support/safetensors";

const LAYOUT = checkLayout(
  "layout",
  JSON.parse(readFileSync("models/policy/policy-int8.layout.json", "utf8")),
);
const BASE = "SmolLM2-135M";
const [HIDDEN, KV, FFN] = [576, 192, 1536];

const zeros = (...shape: [number, number]): TensorToWrite =>
  float32(
    shape,
    Array.from({ length: shape[0] * shape[1] }, () => 0.5),
  );
const name = (module: string, part: string, layer = 0): string =>
  `base_model.model.model.layers.${layer}.${module}.lora_${part}.weight`;
const pair = (module: string, inputs: number, outputs: number, { rank = 4, layer = 0 } = {}) => ({
  [name(module, "A", layer)]: zeros(rank, inputs),
  [name(module, "B", layer)]: zeros(outputs, rank),
});
const whole = {
  ...pair("self_attn.k_proj", HIDDEN, KV),
  ...pair("mlp.down_proj", FFN, HIDDEN, { layer: 29 }),
};
const HEADER = { r: "4", lora_alpha: "8" };
const config = (more: object = {}): string =>
  JSON.stringify({ peft_type: "LORA", r: 4, lora_alpha: 16, bias: "none", ...more });

function read(tensors: Record<string, TensorToWrite>, header?: Record<string, string>, json?: string) {
  const weights = { name: "mine.safetensors", bytes: safetensors(tensors, header) };
  const given = json === undefined ? null : { name: "adapter_config.json", bytes: Buffer.from(json) };
  return readAdapter(weights, given, LAYOUT, BASE);
}

describe("a LoRA from outside", () => {
  test("says what it changes, its rank and scale, and the sha256 of its file", async () => {
    const bytes = safetensors(whole, HEADER);
    expect(await read(whole, HEADER)).toEqual({
      rank: 4,
      scale: 2,
      modules: ["k_proj", "down_proj"],
      layers: [0, 29],
      trainedOn: null,
      format: null,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      configSha256: null,
    });
  });

  test("takes r and lora_alpha from its adapter_config.json, the root of r where it says so", async () => {
    const told = {
      base_model_name_or_path: "HuggingFaceTB/SmolLM2-135M-Instruct",
      use_dora: false,
      init_lora_weights: "gaussian",
      rank_pattern: {},
    };
    expect(await read(whole, {}, config(told))).toMatchObject({
      scale: 4,
      trainedOn: "HuggingFaceTB/SmolLM2-135M-Instruct",
      configSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await read(whole, HEADER, config({ use_rslora: true }))).toMatchObject({ scale: 8 });
  });

  test.each([
    [
      "neither header nor config",
      whole,
      {},
      undefined,
      "does not say r and lora_alpha in its header; give its adapter_config.json",
    ],
    ["no tensors", {}, HEADER, undefined, "it has no tensors"],
    [
      "another base's width",
      pair("self_attn.k_proj", 960, 320),
      HEADER,
      undefined,
      "is [4, 960], where SmolLM2-135M has 576 inputs",
    ],
    [
      "a layer too many",
      pair("self_attn.k_proj", HIDDEN, KV, { layer: 30 }),
      HEADER,
      undefined,
      "has no such module; it was trained on another base",
    ],
    ["a module too many", pair("mlp.c_fc", HIDDEN, KV), HEADER, undefined, "has no such module"],
    [
      "too high a rank",
      pair("self_attn.k_proj", HIDDEN, KV, { rank: 32 }),
      { r: "32", lora_alpha: "1" },
      undefined,
      "its rank is 32; the graph takes 16 at most",
    ],
    ["another rank than it says", whole, { r: "8", lora_alpha: "1" }, undefined, "has rank 4, while r is 8"],
    [
      "half a pair",
      { [name("self_attn.k_proj", "A")]: zeros(4, HIDDEN) },
      HEADER,
      undefined,
      "is there without",
    ],
    [
      "a trained embedding",
      { ...whole, "base_model.model.model.embed_tokens.weight": zeros(1, 1) },
      HEADER,
      undefined,
      "changes the embedding or the head",
    ],
    [
      "a DoRA's magnitudes",
      { ...whole, "base_model.model.model.layers.0.self_attn.k_proj.lora_magnitude_vector": zeros(1, 1) },
      HEADER,
      undefined,
      "train a plain LoRA",
    ],
    [
      "other names",
      { "transformer.h.0.attn.weight": zeros(1, 1) },
      HEADER,
      undefined,
      "expected names such as",
    ],
    [
      "whole numbers",
      {
        ...whole,
        [name("self_attn.k_proj", "A")]: {
          dtype: "I8",
          shape: [4, HIDDEN],
          data: new Uint8Array(4 * HIDDEN),
        },
      },
      HEADER,
      undefined,
      "holds I8",
    ],
    ["a config that is no JSON", whole, {}, "{", "adapter_config.json is not JSON"],
    ["another kind of adapter", whole, {}, config({ peft_type: "IA3" }), "peft_type: not a LoRA"],
    [
      "ranks by module",
      whole,
      {},
      config({ rank_pattern: { q_proj: 8 } }),
      "rank_pattern cannot be used here",
    ],
    [
      "a condition",
      whole,
      {},
      config({ alora_invocation_tokens: [3] }),
      "works from certain tokens on alone",
    ],
    ["DoRA in its config", whole, {}, config({ use_dora: true }), "use_dora cannot be used here"],
  ])("with %s is refused", async (_, tensors, header, json, message) => {
    const reading = read(tensors as Record<string, TensorToWrite>, header as Record<string, string>, json);
    await expect(reading).rejects.toMatchObject({
      code: "invalid-adapter",
      message: expect.stringContaining(message),
    });
  });

  test.each(["pissa_niter_16", "PiSSA", "olora", "corda", "lora_ga", "loftq"])(
    "that began as %s is refused, as it belongs to changed weights of the base",
    async (start) => {
      await expect(read(whole, {}, config({ init_lora_weights: start }))).rejects.toMatchObject({
        code: "invalid-adapter",
        message: expect.stringMatching(
          /init_lora_weights .*; save with path_initial_model_for_weight_conversion$/,
        ),
      });
    },
  );

  test("that is too large for the base is refused unread", async () => {
    const large = { name: "model.safetensors", size: 270_000_000 } as File;
    await expect(readGivenAdapter(large, null)).rejects.toMatchObject({ code: "invalid-adapter" });
  });

  test("that is no safetensors file is refused", async () => {
    const weights = { name: "mine.safetensors", bytes: Buffer.from("not at all") };
    await expect(readAdapter(weights, null, LAYOUT, BASE)).rejects.toThrow(
      "mine.safetensors is not a safetensors file",
    );
  });

  test("is a policy of its name, recorded by its sha256 under its prompt format", async () => {
    const bytes = safetensors(whole, HEADER);
    const found = await read(whole, HEADER);
    const own = ownAdapter(found, new Blob([bytes as Uint8Array<ArrayBuffer>]), "mine", "top");
    expect(own.files).toEqual({ "own/top/adapter_model.safetensors": found.sha256 });
    const source = ownPolicy(own);
    expect(source).toMatchObject({ name: "mine", format: "top" });
    const lora = await source.readLora();
    expect(lora).toMatchObject({ rank: 4, scale: 2 });
    expect([...lora.file.tensors.keys()]).toEqual(Object.keys(whole));
  });

  test("may hold bfloat16", () => {
    const values = [1, -2.5, 0.15625, 3e38];
    const halves = Uint16Array.from(
      values,
      (value) => new DataView(Float32Array.of(value).buffer).getUint32(0, true) >>> 16,
    );
    const tensor = { dtype: "BF16", shape: [4], data: new Uint8Array(halves.buffer) };
    const read = [...toFloat32(tensor)];
    read.forEach((value, index) => {
      expect(Math.abs(value / (values[index] as number) - 1)).toBeLessThan(2 ** -7);
    });
    expect(read.slice(0, 3)).toEqual(values.slice(0, 3));
  });
});

describe("an adapter file in the shell", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dial-lora-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("that does not fit is refused before anything is loaded, with the config beside it", async () => {
    const path = join(folder, "mine.safetensors");
    writeFileSync(path, safetensors(whole, HEADER));
    writeFileSync(join(folder, "adapter_config.json"), config({ r: 8 }));
    await expect(openPolicy({ adapter: path })).rejects.toThrow("has rank 4, while r is 8");
    await expect(openPolicy({ adapter: join(folder, "absent.safetensors") })).rejects.toThrow("no such file");
  });
});
