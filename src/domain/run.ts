/** A run in JSON Lines: a header, then one row a line. */

import * as v from "valibot";
import { DialError } from "./errors";
import { lineError, readJsonLines } from "./jsonLines";
import { readAs } from "./readAs";
import type { Row } from "./row";

const RUN_KINDS = ["match", "study"] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export interface RunHeader {
  readonly kind: RunKind;
  readonly version: 1;
  /** All that the rows depend on, as JSON. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What each model is: the sha256 of a file by its path; how it is asked, for an endpoint and the model there. */
  readonly models: Readonly<Record<string, string>>;
}

export interface Run {
  readonly header: RunHeader;
  readonly rows: readonly Row[];
}

const reward = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const rewards = v.object({ helpful: reward, harmless: reward });
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

const headerSchema = v.object({
  kind: v.picklist(RUN_KINDS),
  version: v.literal(1),
  options: v.record(v.string(), v.unknown()),
  models: v.record(v.string(), v.string()),
});

const rowSchema = v.object({
  row: whole,
  condition: v.exactOptional(v.string()),
  seed: whole,
  prompt: v.string(),
  target: v.object({ helpful: v.exactOptional(reward), harmless: v.exactOptional(reward) }),
  prompted: v.string(),
  completion: v.string(),
  tokens: whole,
  logprob: v.nullable(v.number()),
  actual: rewards,
  heldout: v.exactOptional(rewards),
});

/**
 * A row that stands there twice, as two programs that write to one file leave it, is read once.
 * @throws DialError "invalid-json-line" naming the line and the field.
 */
export async function readRun(chunks: AsyncIterable<string>): Promise<Run> {
  let header: RunHeader | undefined;
  const rows = new Map<string, Row>();
  for await (const { line, value } of readJsonLines(chunks)) {
    if (header === undefined) {
      header = readAs(headerSchema, value, line, "run header");
      continue;
    }
    const row = readAs(rowSchema, value, line, "row");
    rows.set(`${row.row} ${row.condition ?? ""}`, row);
  }
  if (header === undefined) throw lineError(1, "empty; expected a run header");
  return { header, rows: [...rows.values()] };
}

/** One line of a run file, its break included. */
export function runLine(line: RunHeader | Row): string {
  return `${JSON.stringify(line)}\n`;
}

/** What to do about a difference. */
const ADVICE = {
  options: "; ask for the same again, or begin another run",
  models: "; the run was begun with other models or on another kind of device, so start a new one",
} as const;

/**
 * Passes a run that may be taken up under `wanted`.
 * @throws DialError "invalid-option" naming the first difference.
 */
export function checkSameRun(found: RunHeader, wanted: RunHeader): void {
  if (found.kind !== wanted.kind) {
    throw new DialError(
      "invalid-option",
      `not the same run: it is a ${found.kind}, the one asked for a ${wanted.kind}`,
    );
  }
  for (const part of ["options", "models"] as const) {
    for (const key of new Set([...Object.keys(found[part]), ...Object.keys(wanted[part])])) {
      const [was, is] = [JSON.stringify(found[part][key]), JSON.stringify(wanted[part][key])];
      if (was !== is) {
        const difference =
          key === "prompts"
            ? "its prompts are others"
            : `${key} was ${was ?? "not set"} and is ${is ?? "not set"}`;
        throw new DialError("invalid-option", `not the same run: ${difference}${ADVICE[part]}`);
      }
    }
  }
}

/**
 * Passes a run that may be gone on with under `wanted`: the same one, or one that was to have fewer rows.
 * @throws DialError "invalid-option" naming the first other difference.
 */
export function checkGoesOn(found: RunHeader, wanted: RunHeader): void {
  const [had, n] = [found.options.n, wanted.options.n];
  const grows = typeof had === "number" && typeof n === "number" && had < n;
  checkSameRun(found, grows ? withRows(wanted, had) : wanted);
}

/** The header of the same run with `n` rows, or in a study `n` a condition. */
export function withRows(header: RunHeader, n: number): RunHeader {
  return { ...header, options: { ...header.options, n } };
}
