/** What both ends of the bridge to a worker agree on. */

import { transferHandlers } from "comlink";
import { DialError, type ErrorCode } from "../domain/errors";

/** What a worker posts when it listens. */
export const READY = "ready";

/** An error on its way across. Comlink alone keeps the text and loses what kind of error it was. */
interface WireError {
  readonly name: string;
  readonly message: string;
  readonly code: ErrorCode | null;
  readonly recoverable: boolean;
}

export function toWire(error: unknown): WireError {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  if (error instanceof DialError) return { name, message, code: error.code, recoverable: error.recoverable };
  return { name, message, code: null, recoverable: false };
}

export function fromWire({ name, message, code, recoverable }: WireError): Error {
  if (code !== null) return new DialError(code, message, recoverable);
  return Object.assign(new Error(message), { name });
}

/** To be called once on each side before anything crosses. */
export function keepErrorCodes(): void {
  const standard = transferHandlers.get("throw");
  if (!standard) throw new Error("this Comlink has no handler for thrown values");
  transferHandlers.set("throw", {
    canHandle: standard.canHandle,
    serialize: (thrown: { value: unknown }) => [toWire(thrown.value), []],
    deserialize: (wire: WireError) => {
      throw fromWire(wire);
    },
  });
}
