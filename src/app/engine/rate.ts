/** How fast this device samples, measured by the runs that it made: what an estimate of time is worth. */

import { signal } from "@preact/signals";

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
  try {
    localStorage.setItem(KEY, JSON.stringify(rate.value));
  } catch {
    // Measured again on the next visit.
  }
}

function read(): Rate | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    const { device, tokensPerSecond } = kept as Rate;
    return typeof device === "string" && tokensPerSecond > 0 ? { device, tokensPerSecond } : null;
  } catch {
    return null;
  }
}
