import { describe, expect, it } from "vitest";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { createGpuSession } from "../../src/runtimes/local/gpuSession";
import { ortWasm } from "../../src/runtimes/local/ort";
import type { GraphFiles, Session } from "../../src/runtimes/local/session";
import { createWasmSession } from "../../src/runtimes/local/wasmSession";

const PROMPTS = [[1, 2, 3, 4, 5], [7, 8, 9], [11, 12, 13, 14, 15, 16, 17, 18], [20]];
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

/** Each prompt with all next tokens run as one prompt, unpadded and with no cache. */
async function alone<Block>(session: Session<Block>): Promise<Trace> {
  const decoder = new SessionDecoder(session, 2 ** 24);
  const found: Float32Array[][] = [];
  for (const prompt of PROMPTS) {
    const steps: Float32Array[] = [];
    for (let length = 0; length <= NEXT.length; length++) {
      const prefix = await decoder.prefill([...prompt, ...NEXT.slice(0, length)]);
      steps.push(prefix.logits);
      prefix.release();
    }
    found.push(steps);
  }
  return found;
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
    const session = await createSession({
      graph: new Uint8Array(await response.arrayBuffer()),
      external: {},
    });
    const expected = await alone(session);
    expect(largestDifference(expected, expected.toReversed())).toBeGreaterThan(0.1);
    expect(largestDifference(await together(session), expected)).toBeLessThan(1e-5);
    await session.close();
  });
});
