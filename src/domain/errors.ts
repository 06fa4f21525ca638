/**
 * Every failure that a user can meet, as one class with a code that callers can switch on.
 *
 * `message` says what was wrong, where, and what to do; it is shown as it is.
 */

export type ErrorCode =
  | "invalid-target"
  | "invalid-option"
  | "empty-prompt"
  | "prompt-too-long"
  | "invalid-dialogue"
  | "invalid-json-line"
  | "model-missing"
  | "model-damaged"
  | "invalid-adapter"
  | "device-unavailable"
  | "worker-died"
  | "storage-failed"
  | "offline"
  | "endpoint-unreachable"
  | "endpoint-closed"
  | "endpoint-key"
  | "endpoint-missing"
  | "endpoint-refused"
  | "endpoint-busy"
  | "answer-filtered"
  | "endpoint-failed"
  | "aborted";

export class DialError extends Error {
  override readonly name = "DialError";

  /** @param recoverable whether trying the same thing again can succeed without a change of input. */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly recoverable = false,
  ) {
    super(message);
  }
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof DialError && error.code === code;
}
