/** Reading the numbers that people type. */

import { DialError } from "../domain/errors";

export interface NumberRule {
  /** As it is named in an error, such as "temperature". */
  readonly name: string;
  readonly min: number;
  /** Infinity where there is no largest. */
  readonly max: number;
  readonly integer?: boolean;
  /** What an empty field stands for, where it may be empty. */
  readonly empty?: number;
}

const SEED_MAX = 2 ** 32 - 1;

export const RULES = {
  count: { name: "number of completions", min: 1, max: 16, integer: true },
  n: { name: "number of rows", min: 10, max: 500, integer: true },
  studyRows: { name: "number of rows", min: 2, max: 500, integer: true },
  seed: { name: "seed", min: 0, max: SEED_MAX, integer: true },
  temperature: { name: "temperature", min: 0, max: 5 },
  topP: { name: "top-p", min: 0.01, max: 1 },
  topK: { name: "top-k", min: 0, max: Infinity, integer: true },
  minP: { name: "min-p", min: 0, max: 1 },
  repetitionPenalty: { name: "repetition penalty", min: 0.1, max: 10 },
  maxTokens: { name: "number of tokens", min: 1, max: 1024, integer: true },
  guidance: { name: "guidance weight", min: 0, max: 10 },
  validation: { name: "share", min: 0, max: 0.5 },
  limit: { name: "number of completions", min: 1, max: Infinity, integer: true, empty: Infinity },
  epochs: { name: "number of epochs", min: 1, max: 50, integer: true },
  price: { name: "price", min: 0, max: 1000 },
  batchSize: { name: "batch size", min: 1, max: 256, integer: true, empty: 0 },
  learningRateMultiplier: { name: "learning rate multiplier", min: 0.01, max: 10, empty: 0 },
  parallel: { name: "number of requests", min: 1, max: 32, integer: true },
  bestOf: { name: "best-of number", min: 1, max: 64, integer: true },
} as const satisfies Record<string, NumberRule>;

/** @throws DialError "invalid-option" with the text and what was expected. */
export function readNumber(text: string, { name, min, max, integer = false, empty }: NumberRule): number {
  if (empty !== undefined && text.trim() === "") return empty;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= min && value <= max && (!integer || Number.isInteger(value))) return value;
  const kind = integer ? "a whole number" : "a number";
  const range = max === Infinity ? `of ${min} or more` : `from ${min} to ${max}`;
  throw new DialError(
    "invalid-option",
    `invalid ${name}: ${JSON.stringify(text)}; expected ${kind} ${range}`,
  );
}

/** @throws DialError "invalid-option" naming the choices. */
export function readChoice<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new DialError(
    "invalid-option",
    `invalid ${name}: ${JSON.stringify(text)}; expected one of ${choices.join(", ")}`,
  );
}

/** The message of the DialError that `read` throws, or null where it passes. */
export function problem(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof DialError) return error.message;
    throw error;
  }
}

/** What `read` gives, or null where it throws a DialError. */
export function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DialError) return null;
    throw error;
  }
}

/** A seed that nobody has chosen. */
export function newSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
