import type { Contestant } from "../../experiments/bench";
import type { Session } from "../../runtimes/local/session";

export type BenchDevice = "wasm" | "webgpu";

/** What a runtime brings to the benchmark. */
export interface OpenedRuntime {
  readonly contestants: readonly Contestant[];
  readonly inputs?: Session<unknown>["inputs"];
  leastStep?(rows: number): Promise<number>;
}
