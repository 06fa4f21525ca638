import { DialError } from "./errors";

/** What went wrong with a file of the user's, named after it. */
export function ofFile(name: string, error: unknown): unknown {
  return error instanceof DialError ? new DialError(error.code, `${name}, ${error.message}`) : error;
}
