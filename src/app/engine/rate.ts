/** How fast this device samples, measured by the runs that it made: what an estimate of time is worth. */

import { signal } from "@preact/signals";
import { readStored, writeStored } from "../../storage/webStorage";

/** Tokens a second of one device, several rows at once. */
interface Rate {
  readonly device: string;
  readonly tokensPerSecond: number;
}

const KEY = "reward-dial-rate";
/** What is shorter says more about its beginning than about sampling. */
const LEAST_SECONDS = 0.5;

export const rate = signal<Rate | null>(read());

export function noteRate(device: string, tokens: number, seconds: number): void {
  if (seconds < LEAST_SECONDS || tokens === 0) return;
  rate.value = { device, tokensPerSecond: tokens / seconds };
  writeStored("local", KEY, rate.value);
}

function read(): Rate | null {
  const { device, tokensPerSecond } = (readStored("local", KEY) ?? {}) as Partial<Rate>;
  if (typeof device !== "string" || typeof tokensPerSecond !== "number") return null;
  return tokensPerSecond > 0 ? { device, tokensPerSecond } : null;
}
