/** One call of the sampler: what waits, and what is done but not fetched yet. */

import { DialError } from "../../domain/errors";
import type { OnToken, TokenCompletion, TokenRequest } from "./tokenRequest";

interface Waiting {
  readonly index: number;
  readonly request: TokenRequest;
}

interface Finished {
  readonly index: number;
  readonly completion: TokenCompletion;
}

export class SampleCall {
  private readonly order: readonly Waiting[];
  private begun = 0;
  private delivered = 0;
  private readonly finished: Finished[] = [];
  private failure: unknown = null;
  private left = false;
  private wake = (): void => {};
  private resolveGone = (): void => {};
  /** Resolves when no row of the call is left in the batch. */
  readonly gone = new Promise<void>((resolve) => {
    this.resolveGone = resolve;
  });

  constructor(
    requests: readonly TokenRequest[],
    private readonly signal: AbortSignal | undefined,
    readonly onToken: OnToken | undefined,
  ) {
    this.order = inOrderOfService(requests);
  }

  /** The request to begin next. */
  get waiting(): Waiting | null {
    return this.order[this.begun] ?? null;
  }

  /** Nothing more is to be done for it: all is delivered, or it failed, or nobody listens. */
  get over(): boolean {
    return this.left || this.failure !== null || this.delivered === this.order.length;
  }

  begin(): void {
    this.begun++;
  }

  deliver(finished: Finished): void {
    this.delivered++;
    this.finished.push(finished);
    this.wake();
  }

  fail(error: unknown): void {
    this.failure ??= error;
    this.wake();
  }

  obeySignal(): void {
    if (this.signal?.aborted) this.fail(new DialError("aborted", "sampling was stopped", true));
  }

  leave(): void {
    this.left = true;
  }

  dismiss(): void {
    this.resolveGone();
  }

  /** The next completion in the order in which they finish; null after the last. Throws what the call failed with. */
  async next(): Promise<Finished | null> {
    while (this.finished.length === 0 && !this.over) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const next = this.finished.shift();
    if (next === undefined && this.failure !== null) throw this.failure;
    return next ?? null;
  }
}

/**
 * Requests of one prompt together, so that it is run once; short prompts first, so that those of a batch are of nearly
 * the same length and little of its memory stays empty.
 */
function inOrderOfService(requests: readonly TokenRequest[]): readonly Waiting[] {
  const groups = new Map<string, Waiting[]>();
  requests.forEach((request, index) => {
    const key = request.ids.join();
    const group = groups.get(key);
    if (group) group.push({ index, request });
    else groups.set(key, [{ index, request }]);
  });
  const length = ([first]: readonly Waiting[]) => (first as Waiting).request.ids.length;
  return [...groups.values()].sort((a, b) => length(a) - length(b)).flat();
}
