import { DialError } from "../domain/errors";

/**
 * The failure of a model at work. One that says what it is stays; any other is the runtime's (out of memory, a lost
 * GPU), after which only a new worker is sure to work.
 * @param work for the message: "sampling".
 */
export function runtimeFailure(work: string, error: unknown): DialError {
  if (error instanceof DialError) return error;
  return new DialError("worker-died", `${work} failed (${(error as Error).message}); start again`, true);
}
