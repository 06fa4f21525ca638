/** Turns batches of events that a worker pushes into the pull of an async generator. */

import type { Completion } from "../policy";
import type { SampleEvents } from "./workerApi";

type Finished = { readonly index: number; readonly completion: Completion };

/**
 * Yields completions as they are delivered. Leaving the generator early stops the call.
 * @param call runs until all its events have been delivered.
 */
export async function* eventsOf(
  call: (deliver: (events: SampleEvents) => void, signal: AbortSignal) => Promise<void>,
  onToken?: (index: number, textSoFar: string) => void,
  signal?: AbortSignal,
): AsyncGenerator<Finished, void> {
  const left = new AbortController();
  const queue: Finished[] = [];
  let wake = () => {};
  let over = false;
  const deliver = ({ texts, completions }: SampleEvents) => {
    for (const [index, textSoFar] of texts) onToken?.(index, textSoFar);
    queue.push(...completions);
    wake();
  };
  const either = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const running = call(deliver, either).finally(() => {
    over = true;
    wake();
  });
  running.catch(() => {}); // Thrown below, once what was finished before has been yielded.
  try {
    while (true) {
      const finished = queue.shift();
      if (finished) yield finished;
      else if (over) break;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    await running;
  } finally {
    left.abort();
  }
}
