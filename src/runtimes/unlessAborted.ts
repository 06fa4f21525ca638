import { DialError } from "../domain/errors";

/**
 * Waits for work that others may wait for too, and gives up at once when `signal` aborts; the work goes on.
 * @throws what the work throws; `why` when the signal aborts.
 */
export function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  why: (signal: AbortSignal) => unknown = stopped,
): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(why(signal));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

export function stopped(): DialError {
  return new DialError("aborted", "stopped", true);
}
