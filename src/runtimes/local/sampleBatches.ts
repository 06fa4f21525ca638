/** Gathers what a policy samples into batches, so that the page is not woken for every token. */

import type { CompletionRequest, Policy } from "../policy";
import type { SampleEvents } from "./workerApi";

/** ms between batches at least; about three frames. */
const EVERY = 50;

/** Sends all of a call's events, the last before it resolves. */
export async function sampleInBatches(
  policy: Policy,
  requests: readonly CompletionRequest[],
  send: (events: SampleEvents) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const texts = new Map<number, string>();
  let completions: SampleEvents["completions"][number][] = [];
  let sent = 0;
  let delivered: Promise<unknown> = Promise.resolve();
  const flush = () => {
    if (texts.size === 0 && completions.length === 0) return;
    const events = { texts: [...texts], completions };
    texts.clear();
    completions = [];
    sent = performance.now();
    delivered = Promise.all([delivered, send(events)]);
    delivered.catch(() => {}); // Thrown at the end; until then it is not unhandled.
  };
  const flushWhenDue = () => {
    if (performance.now() - sent >= EVERY) flush();
  };
  const onToken = (index: number, textSoFar: string) => {
    texts.set(index, textSoFar);
    flushWhenDue();
  };
  try {
    for await (const finished of policy.sample(requests, { signal, onToken })) {
      completions.push(finished);
      flushWhenDue();
    }
  } finally {
    flush();
    await delivered;
  }
}
