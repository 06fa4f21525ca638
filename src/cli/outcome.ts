import { DialError } from "../domain/errors";

export interface Outcome {
  readonly status: number;
  /** What to say on standard error. */
  readonly text: string;
}

const BAD_INPUT = 2;
const FAULT = 1;
/** As a shell reports a program that was interrupted. */
const STOPPED = 130;

/** How a command that threw ends: bad input with one line, a fault of the program with its stack. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof DialError) {
    if (error.code === "aborted") return { status: STOPPED, text: error.message };
    return { status: BAD_INPUT, text: `error: ${error.message.replaceAll(/\s*\n\s*/g, " ")}` };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { status: FAULT, text: `fault: ${stack}` };
}
