/**
 * The one bridge to workers, over Comlink, which by itself waits for ever on a worker that did not load or has died.
 *
 * A worker says that it is ready or is given up; when it dies, every call that waits is rejected with "worker-died" and
 * the next call starts a new one; a stop that is not answered ends the worker.
 */

import { type Remote, releaseProxy, wrap } from "comlink";
import { DialError } from "../domain/errors";
import { stopped, unlessAborted } from "./unlessAborted";
import { keepErrorCodes, READY } from "./wire";

keepErrorCodes();

/** ms that a worker has to say that it is ready, and to obey a stop. */
const DEADLINES = { ready: 20_000, stop: 5_000 };

interface Connection<Api> {
  readonly api: Remote<Api>;
  /** What the work gives; rejects when the worker dies or is ended before that. */
  unlessLost<T>(work: Promise<T>): Promise<T>;
  end(why: DialError): void;
}

export class Bridge<Api> {
  private current: Promise<Connection<Api>> | null = null;
  /** Ends the worker of `current`, also while it starts. */
  private endCurrent: ((why: DialError) => void) | null = null;

  /**
   * @param name what the worker is, for messages: "the policy's worker".
   * @param prepare what a new worker must do before it can serve, such as loading its model.
   */
  constructor(
    private readonly name: string,
    private readonly start: () => Worker,
    private readonly prepare: (api: Remote<Api>) => Promise<void>,
    private readonly deadlines = DEADLINES,
  ) {}

  /**
   * Uses the worker, started now if there is none.
   * @param stop asks the worker to break the call off; called when the signal fires.
   * @throws what the call throws; DialError "worker-died", "aborted".
   */
  async call<T>(
    use: (api: Remote<Api>) => Promise<T>,
    {
      signal,
      stop,
    }: { readonly signal?: AbortSignal | undefined; readonly stop?: (api: Remote<Api>) => unknown } = {},
  ): Promise<T> {
    const { api, unlessLost, end } = await this.connection(signal);
    if (signal?.aborted) throw stopped();
    let deadline: ReturnType<typeof setTimeout> | undefined;
    const obey = () => {
      // A dead worker's proxy rejects; `unlessLost` tells.
      if (stop) Promise.resolve(stop(api)).catch(() => {});
      deadline = setTimeout(() => end(stopped()), stop ? this.deadlines.stop : 0);
    };
    signal?.addEventListener("abort", obey, { once: true });
    try {
      return await unlessLost(use(api));
    } catch (error) {
      if (!isFatal(error)) throw error;
      const why = error instanceof DialError ? error : this.died((error as Error).message);
      end(why);
      throw why;
    } finally {
      signal?.removeEventListener("abort", obey);
      clearTimeout(deadline);
    }
  }

  /** Starts the worker now. Cancelled by the signal, which ends a worker that this call started. */
  async open(signal?: AbortSignal): Promise<void> {
    await this.connection(signal);
  }

  /** Ends the worker; calls that wait are rejected with "aborted". */
  close(): void {
    this.endCurrent?.(stopped());
  }

  private async connection(signal?: AbortSignal): Promise<Connection<Api>> {
    if (signal?.aborted) throw stopped();
    const connection = this.current ?? this.connect(signal);
    this.current = connection;
    connection.catch(() => {
      if (this.current === connection) this.current = null;
    });
    // It may be another call that started the worker, with another signal.
    return unlessAborted(connection, signal);
  }

  private async connect(signal?: AbortSignal): Promise<Connection<Api>> {
    const worker = this.start();
    const lost = new AbortController();
    const unlessLost = <T>(work: Promise<T>) => unlessAborted(work, lost.signal, ({ reason }) => reason);
    const api = wrap<Api>(worker);
    const end = (why: DialError) => {
      if (this.endCurrent === end) {
        this.current = null;
        this.endCurrent = null;
      }
      lost.abort(why);
      worker.terminate();
    };
    this.endCurrent = end;
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      end(this.died(event.message));
    });
    worker.addEventListener("messageerror", () => end(this.died("a message could not be read")));

    const cancel = () => end(stopped());
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      await unlessLost(this.ready(worker));
      await unlessLost(this.prepare(api));
      return { api, unlessLost, end };
    } catch (error) {
      api[releaseProxy]();
      end(stopped());
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  private ready(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(this.died(`it did not start within ${this.deadlines.ready / 1000} s`)),
        this.deadlines.ready,
      );
      const listen = ({ data }: MessageEvent) => {
        if (data !== READY) return;
        clearTimeout(late);
        worker.removeEventListener("message", listen);
        resolve();
      };
      worker.addEventListener("message", listen);
    });
  }

  private died(why: string): DialError {
    return new DialError(
      "worker-died",
      `${this.name} stopped working (${why || "no reason given"}); start again`,
      true,
    );
  }
}

/** After a WASM trap or its own word for it, what is left in a worker cannot be trusted. */
function isFatal(error: unknown): boolean {
  if (error instanceof DialError) return error.code === "worker-died";
  return error instanceof Error && error.name === "RuntimeError";
}
