/**
 * The least time that a step can take on a machine: its weights read once at the memory's speed, or its multiply-adds
 * at the speed of one large matrix product, whichever is longer (Williams et al. 2009, doi:10.1145/1498765.1498785).
 */

import { median } from "simple-statistics";
import type { Layout } from "../runtimes/local/layout";
import type { Session } from "../runtimes/local/session";

export interface Machine {
  /** Bytes per second that a large copy reads and writes. */
  readonly bandwidth: number;
  /** Multiply-adds per second of each kind. */
  readonly peak: Readonly<Record<Arithmetic, number>>;
}

export type Arithmetic = "float32" | "int8";

export interface StepWork {
  /** Of all weights. */
  readonly bytes: number;
  /** Multiply-adds a row, of the linear layers. */
  readonly macs: Readonly<Record<Arithmetic, number>>;
}

/** What a step of the graph of this layout has to do. */
export function stepWork({ base, adapter }: Layout): StepWork {
  const macs = { float32: 0, int8: 0 };
  for (const { name, bytes, make } of [...base.tensors, ...adapter.tensors]) {
    if (make.kind === "int8") macs.int8 += make.parts * bytes;
    else if (make.kind === "lora-a" || make.kind === "lora-b") macs.float32 += bytes / 4;
    // A byte of packed weights holds two.
    else if (name.endsWith(".packed")) macs.float32 += 2 * bytes;
  }
  return { bytes: base.bytes + adapter.bytes, macs };
}

/** Milliseconds that a step of `rows` rows takes at least. */
export function leastStep({ bytes, macs }: StepWork, { bandwidth, peak }: Machine, rows: number): number {
  const multiplying = rows * (macs.float32 / peak.float32 + macs.int8 / peak.int8);
  return 1000 * Math.max(bytes / bandwidth, multiplying);
}

/** Rows times inner size times columns of the product in models/recipe/peak.py. */
const PEAK_MACS = 1024 ** 3;
const REPEATS = 7;
/** Large beside any cache. */
const COPIED = 2 ** 26;

/** Measures what the work asks for. */
export async function measureMachine<Block>(
  { macs }: StepWork,
  open: (kind: Arithmetic) => Promise<Session<Block>>,
): Promise<Machine> {
  return {
    bandwidth: await measureCopy(),
    peak: { float32: await product("float32"), int8: await product("int8") },
  };

  async function product(kind: Arithmetic): Promise<number> {
    if (macs[kind] === 0) return Number.POSITIVE_INFINITY;
    const session = await open(kind);
    const run = () =>
      session.run({ ints: { value: { data: BigInt64Array.of(1n), dims: [1] } }, fetch: "result" });
    const seconds = await medianTime(run);
    await session.close();
    return PEAK_MACS / seconds;
  }
}

async function measureCopy(): Promise<number> {
  const [from, to] = [new Uint8Array(COPIED).fill(1), new Uint8Array(COPIED)];
  return (2 * COPIED) / (await medianTime(async () => to.set(from)));
}

/** In seconds; one run before is not timed. */
async function medianTime(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let repeat = -1; repeat < REPEATS; repeat++) {
    const start = performance.now();
    await run();
    if (repeat >= 0) times.push((performance.now() - start) / 1000);
  }
  return median(times);
}
