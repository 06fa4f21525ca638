/** One runtime in a page of its own, so that its memory can be told from the others'. rowsPart.ts and matchPart.ts drive it. */

import type { Contestant, Timing } from "../../experiments/bench";
import type { MatchContestant, MatchTiming } from "../../experiments/benchMatch";
import type { Session } from "../../runtimes/local/session";
import type { BenchDevice, OpenedRuntime } from "./openedRuntime";

export type Runtime = "own" | "generate" | "wllama";

type Inputs = Session<unknown>["inputs"];

export interface OpenedPage {
  readonly contestants: readonly Pick<Contestant, "name" | "mostRows">[];
  readonly inputs: Inputs;
}

export interface MatchRequest {
  readonly device: BenchDevice;
  readonly inputs: Inputs;
  /** New tokens a row at most. */
  readonly tokens: number;
  /** Rows that a loop goes through. */
  readonly loopRows: number;
}

let opened: OpenedRuntime | undefined;
let match: MatchContestant | undefined;

const api = {
  async open(runtime: Runtime, device: BenchDevice, inputs: Inputs): Promise<OpenedPage> {
    opened = await openRuntime(runtime, device, inputs);
    const contestants = opened.contestants.map(({ name, mostRows }) => ({ name, mostRows }));
    return { contestants, inputs: opened.inputs ?? inputs };
  },

  async run(index: number, ids: readonly number[], rows: number, tokens: number): Promise<Timing> {
    const contestant = opened?.contestants[index];
    if (!contestant) throw new Error(`there is no contestant ${index}`);
    return contestant.run(ids, rows, tokens);
  },

  async openMatch(
    runtime: "own" | "generate",
    { device, inputs, tokens, loopRows }: MatchRequest,
  ): Promise<Pick<MatchContestant, "name" | "mostRows">> {
    match =
      runtime === "own"
        ? await (await import("./own")).openOwnMatch(device, tokens)
        : await (await import("./generate")).openGenerateMatch(device, inputs, tokens, loopRows);
    return { name: match.name, mostRows: match.mostRows };
  },

  async runMatch(...rows: Parameters<MatchContestant["run"]>): Promise<MatchTiming> {
    if (!match) throw new Error("no match is open");
    return match.run(...rows);
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

async function openRuntime(runtime: Runtime, device: BenchDevice, inputs: Inputs): Promise<OpenedRuntime> {
  switch (runtime) {
    case "own":
      return (await import("./own")).openOwn(device);
    case "generate":
      return (await import("./generate")).openGenerate(device, inputs);
    case "wllama":
      return (await import("./wllama")).openWllama();
  }
}
