/**
 * A network made up for tests, behind the interface of a real session: it "attends" to exactly the tokens that its
 * keys and values hold, so that wrong tiling, moving or growing of the cache changes what it says.
 *
 * One layer, two heads of size one. The key of a token is its id; the logits are a hash of all ids of the row so far,
 * in order, and of nothing else.
 */

import type { DeviceMemory, RunRequest, Session } from "../../src/runtimes/local/session";

const HEADS = 2;

export interface Call {
  readonly rows: number;
  readonly steps: number;
  readonly capacity: number;
}

export class CountingSession implements Session<Float32Array> {
  readonly promptPiece = 64;
  readonly reuseGrain = 1;
  readonly fewestRows: 1 | 2 = 2;
  readonly calls: Call[] = [];
  /** Blocks reserved and not released. */
  live = 0;
  mostLive = 0;
  readonly inputs = [
    { name: "input_ids", dims: ["batch", "length"] },
    { name: "past_key_values.0.key", dims: ["batch", HEADS, "past", 1] },
    { name: "past_key_values.0.value", dims: ["batch", HEADS, "past", 1] },
  ];
  readonly outputs: readonly { name: string; dims: readonly (number | string)[] }[];
  readonly memory: DeviceMemory<Float32Array> = {
    allocate: (floats) => {
      this.live++;
      this.mostLive = Math.max(this.mostLive, this.live);
      return new Float32Array(floats).fill(Number.NaN);
    },
    release: () => {
      this.live--;
    },
    copy: (source, from, target, to, floats) => target.set(source.subarray(from, from + floats), to),
  };

  constructor(readonly vocabulary: number) {
    this.outputs = [{ name: "logits", dims: ["batch", 1, vocabulary] }];
  }

  async run({ ints, residentInputs, residentOutputs }: RunRequest<Float32Array>): Promise<Float32Array> {
    const ids = ints.input_ids;
    const mask = ints.attention_mask;
    const past = residentInputs?.["past_key_values.0.key"];
    const present = residentOutputs?.["present.0.key"];
    if (!ids || !mask || !past || !present) throw new Error("an input is missing");
    const [rows = 0, steps = 0] = ids.dims;
    const total = mask.dims[1] as number;
    const capacity = present.dims[2] as number;
    this.calls.push({ rows, steps, capacity });
    const logits = new Float32Array(rows * this.vocabulary);
    for (let row = 0; row < rows; row++) {
      let valid = 0;
      for (let at = 0; at < total; at++) valid += Number(mask.data[row * total + at]);
      for (let step = 0; step < steps; step++) {
        for (let head = 0; head < HEADS; head++) {
          const at = (row * HEADS + head) * capacity + valid - steps + step;
          present.block[at] = Number(ids.data[row * steps + step]);
        }
      }
      const seen = (head: number) => {
        const start = (row * HEADS + head) * capacity;
        return [...present.block.subarray(start, start + valid)];
      };
      if (String(seen(0)) !== String(seen(1))) throw new Error(`the heads of row ${row} differ`);
      logits.set(logitsAfter(seen(0), this.vocabulary), row * this.vocabulary);
    }
    return logits;
  }

  async close(): Promise<void> {}
}

/** Logits in [0, 4) that depend on every id and on their order. */
export function logitsAfter(ids: readonly number[], vocabulary: number): Float32Array {
  let state = 2166136261;
  for (const id of ids) state = Math.imul(state ^ (id + 1), 16777619);
  return Float32Array.from({ length: vocabulary }, (_, token) => {
    let mixed = Math.imul(state ^ Math.imul(token + 1, 0x9e3779b1), 0x85ebca6b);
    mixed ^= mixed >>> 15;
    return ((Math.imul(mixed, 0xc2b2ae35) >>> 8) / 2 ** 24) * 4;
  });
}
