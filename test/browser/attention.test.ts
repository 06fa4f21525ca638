import { describe, expect, it } from "vitest";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { createGpuSession } from "../../src/runtimes/local/gpuSession";
import { KvCache, kvShape } from "../../src/runtimes/local/kvCache";
import { ortWasm } from "../../src/runtimes/local/ort";
import type { GraphFiles, Session } from "../../src/runtimes/local/session";
import { createWasmSession } from "../../src/runtimes/local/wasmSession";

/** More than one piece of a prefill. */
const LONG = Array.from({ length: 70 }, (_, i) => (i * 7) % 32);
const PROMPTS = [[1, 2, 3, 4, 5], [7, 8, 9], [11, 12, 13, 14, 15, 16, 17, 18], [20], LONG];
const NEXT = [21, 22, 23];

/** Logits of each prompt after the prompt and after each next token. */
type Trace = readonly (readonly Float32Array[])[];

async function together<Block>(session: Session<Block>): Promise<Trace> {
  const decoder = new SessionDecoder(session, 2 ** 24);
  const found: Float32Array[][] = [];
  for (const prompt of PROMPTS) {
    const prefix = await decoder.prefill(prompt);
    found.push([prefix.logits]);
    decoder.admit(prefix);
    prefix.release();
  }
  for (const token of NEXT) {
    const logits = await decoder.step(PROMPTS.map(() => token));
    found.forEach((steps, row) => {
      steps.push(logits.slice(row * decoder.vocabulary, (row + 1) * decoder.vocabulary));
    });
  }
  decoder.clear();
  return found;
}

/** The truth: each prompt and its next tokens run at once on WASM, unpadded, with nothing in the cache. */
async function alone(session: Session<number>): Promise<Trace> {
  const found: Float32Array[][] = [];
  for (const prompt of PROMPTS) {
    const steps: Float32Array[] = [];
    for (let length = 0; length <= NEXT.length; length++) {
      steps.push(await whole(session, [...prompt, ...NEXT.slice(0, length)]));
    }
    found.push(steps);
  }
  return found;
}

async function whole<Block>(session: Session<Block>, ids: readonly number[]): Promise<Float32Array> {
  const shape = kvShape(session.inputs);
  const [past, present] = [new KvCache(session.memory, shape), new KvCache(session.memory, shape)];
  past.resize(1, 0, []);
  present.resize(1, ids.length, []);
  const logits = await session.run({
    ints: {
      input_ids: { data: BigInt64Array.from(ids, BigInt), dims: [1, ids.length] },
      attention_mask: { data: new BigInt64Array(ids.length).fill(1n), dims: [1, ids.length] },
    },
    residentInputs: past.tensors("past_key_values", 1),
    residentOutputs: present.tensors("present", 1),
    fetch: "logits",
  });
  past.release();
  present.release();
  return logits.slice();
}

function largestDifference(a: Trace, b: Trace): number {
  const flat = (trace: Trace) => trace.flatMap((steps) => steps.flatMap((logits) => [...logits]));
  const other = flat(b);
  return Math.max(...flat(a).map((value, i) => Math.abs(value - (other[i] as number))));
}

const DEVICES = {
  WASM: async (files: GraphFiles): Promise<Session<unknown>> =>
    createWasmSession(await ortWasm(), files) as never,
  WebGPU: async (files: GraphFiles): Promise<Session<unknown>> => createGpuSession(files) as never,
};

describe.each(Object.entries(DEVICES))("a ragged batch on %s", (_, createSession) => {
  it("gives the logits of its rows alone", async () => {
    const response = await fetch("/test/fixtures/attention.onnx");
    const files = { graph: new Uint8Array(await response.arrayBuffer()), external: {} };
    const expected = await alone(await createWasmSession(await ortWasm(), files));
    expect(largestDifference(expected, expected.toReversed())).toBeGreaterThan(0.1);
    const session = await createSession(files);
    expect(largestDifference(await together(session), expected)).toBeLessThan(1e-5);
    await session.close();
  });
});
