/** The calls of a worker that can be stopped, by the number that the page gave them. */
export class Stops {
  private readonly running = new Map<number, AbortController>();

  /** Runs a call with a signal that `stop(id)` fires. */
  async run<T>(id: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      return await call(controller.signal);
    } finally {
      this.running.delete(id);
    }
  }

  stop(id: number): void {
    this.running.get(id)?.abort();
  }
}
