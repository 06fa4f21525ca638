/**
 * Runs the tasks in order, `limit` at a time, and yields each result when it is there. After a failure no further task
 * starts; those under way come to their end, and then it is thrown. Leaving the generator fires the tasks' signal.
 */
export async function* concurrently<Result>(
  tasks: readonly ((signal: AbortSignal) => Promise<Result>)[],
  limit: number,
  signal?: AbortSignal,
): AsyncGenerator<Result, void> {
  const left = new AbortController();
  const either = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const running = new Set<Promise<Settled<Result>>>();
  let failure: { readonly error: unknown } | null = null;
  let next = 0;
  const start = () => {
    const task = tasks[next++] as (typeof tasks)[number];
    // A signal of its own: a task may never take its listeners off again.
    const settled: Promise<Settled<Result>> = task(AbortSignal.any([either])).then(
      (result) => ({ settled, result }),
      (error: unknown) => ({ settled, error }),
    );
    running.add(settled);
  };
  try {
    while (true) {
      while (failure === null && next < tasks.length && running.size < limit) start();
      if (running.size === 0) break;
      const first = await Promise.race(running);
      running.delete(first.settled);
      if ("error" in first) failure ??= { error: first.error };
      else yield first.result;
    }
  } finally {
    left.abort();
  }
  if (failure !== null) throw failure.error;
}

type Settled<Result> = { readonly settled: Promise<Settled<Result>> } & (
  | { readonly result: Result }
  | { readonly error: unknown }
);
