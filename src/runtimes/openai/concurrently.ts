/**
 * Runs the tasks in order, `limit` at a time, and yields each result when it is there. After a failure no further task
 * starts; those under way come to their end, and then it is thrown. Leaving the generator fires the tasks' signal.
 * @param isOfOneTask whether a failure says nothing of the other tasks: all of them run, and then the first such one is thrown.
 */
export async function* concurrently<Result>(
  tasks: readonly ((signal: AbortSignal) => Promise<Result>)[],
  limit: number,
  isOfOneTask: (error: unknown) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<Result, void> {
  const left = new AbortController();
  const either = signal ? AbortSignal.any([signal, left.signal]) : left.signal;
  const running = new Set<Promise<Settled<Result>>>();
  let failure: Failed | null = null;
  let ofOneTask: Failed | null = null;
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
      if ("result" in first) yield first.result;
      else if (isOfOneTask(first.error)) ofOneTask ??= first;
      else failure ??= first;
    }
  } finally {
    left.abort();
  }
  const thrown = failure ?? ofOneTask;
  if (thrown !== null) throw thrown.error;
}

interface Failed {
  readonly error: unknown;
}

type Settled<Result> = { readonly settled: Promise<Settled<Result>> } & (
  | { readonly result: Result }
  | Failed
);
