/** Reads the arguments of a command; whatever is wrong is a DialError of one line. */

import { type ParseArgsConfig, parseArgs } from "node:util";
import { DialError } from "../domain/errors";
import { checkWhole } from "../experiments/checkMatchOptions";

/** Options by name; one that takes text may be asked for with `required`, "texts" is text that may be given again. */
export type OptionTypes = Readonly<Record<string, "text" | "texts" | "flag">>;

export type Options<Types extends OptionTypes> = {
  readonly [Name in keyof Types]?: { text: string; texts: string[]; flag: boolean }[Types[Name]];
};

/** @throws DialError "invalid-option" for an unknown option, one without its value, or a stray word. */
export function readOptions<const Types extends OptionTypes>(
  args: readonly string[],
  types: Types,
): Options<Types> {
  const options: ParseArgsConfig["options"] = {};
  for (const [name, type] of Object.entries(types)) {
    options[name] = { type: type === "flag" ? "boolean" : "string", multiple: type === "texts" };
  }
  try {
    const { values } = parseArgs({
      args: joinNegatives(args),
      options,
      strict: true,
      allowPositionals: false,
    });
    return values as Options<Types>;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [, dashed] = /'(--[\w-]+)' argument is ambiguous/.exec(error.message) ?? [];
    const message = dashed
      ? `${dashed} has no value; write ${dashed}=TEXT where the text begins with a dash`
      : error.message.split(/\n|\. /, 1)[0];
    throw new DialError("invalid-option", `${message}; see --help`);
  }
}

/** `--option -1` as `--option=-1`: a negative number is a value, if often a wrong one. */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (/^-\.?\d/.test(arg) && last?.startsWith("--") && !last.includes("=")) {
      joined[joined.length - 1] = `${last}=${arg}`;
    } else joined.push(arg);
  }
  return joined;
}

/** @throws DialError "invalid-option" where the option is not given. */
export function required(name: string, value: string | undefined): string {
  if (value === undefined) throw new DialError("invalid-option", `--${name} is missing; see --help`);
  return value;
}

/** A whole number from `least` up. @throws DialError "invalid-option". */
export function wholeNumber(
  name: string,
  text: string | undefined,
  least: number,
  otherwise: number,
): number {
  return text === undefined ? otherwise : checkWhole(`--${name}`, toNumber(name, text), least);
}

/** Any number; its range is the caller's to check. @throws DialError "invalid-option". */
export function anyNumber(name: string, text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : toNumber(name, text);
}

/** @throws DialError "invalid-option" naming the choices. */
export function choice<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw new DialError(
    "invalid-option",
    `invalid --${name}: ${JSON.stringify(text)}; expected one of ${choices.join(", ")}`,
  );
}

function toNumber(name: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  throw new DialError("invalid-option", `invalid --${name}: ${JSON.stringify(text)}; expected a number`);
}
