/** One runtime in a page of its own, so that its memory can be told from the others'. run.ts drives it. */

import type { Contestant, Timing } from "../../experiments/bench";
import type { Session } from "../../runtimes/local/session";
import type { BenchDevice, OpenedRuntime } from "./openedRuntime";

export const RUNTIMES = ["own", "generate", "wllama"] as const;
export type Runtime = (typeof RUNTIMES)[number];

export interface OpenedPage {
  readonly contestants: readonly Pick<Contestant, "name" | "mostRows">[];
  readonly inputs: Session<unknown>["inputs"];
}

let opened: OpenedRuntime | undefined;

const api = {
  async open(runtime: Runtime, device: BenchDevice, inputs: Session<unknown>["inputs"]): Promise<OpenedPage> {
    opened = await openRuntime(runtime, device, inputs);
    const contestants = opened.contestants.map(({ name, mostRows }) => ({ name, mostRows }));
    return { contestants, inputs: opened.inputs ?? inputs };
  },

  async run(index: number, ids: readonly number[], rows: number, tokens: number): Promise<Timing> {
    const contestant = opened?.contestants[index];
    if (!contestant) throw new Error(`there is no contestant ${index}`);
    return contestant.run(ids, rows, tokens);
  },

  async leastStep(rows: number): Promise<number | null> {
    return (await opened?.leastStep?.(rows)) ?? null;
  },

  /** Bytes that the page and its workers hold. A WASM heap never shrinks, so it is at its largest. */
  async memory(): Promise<number> {
    const { bytes } = await (
      performance as unknown as { measureUserAgentSpecificMemory(): Promise<{ bytes: number }> }
    ).measureUserAgentSpecificMemory();
    return bytes;
  },
};

export type BenchApi = typeof api;

declare global {
  var bench: BenchApi;
}
globalThis.bench = api;

async function openRuntime(
  runtime: Runtime,
  device: BenchDevice,
  inputs: Session<unknown>["inputs"],
): Promise<OpenedRuntime> {
  switch (runtime) {
    case "own":
      return (await import("./own")).openOwn(device);
    case "generate":
      return (await import("./generate")).openGenerate(device, inputs);
    case "wllama":
      return (await import("./wllama")).openWllama();
  }
}
