import { DialError } from "../domain/errors";
import { accuracy } from "./commands/accuracy";
import { bench } from "./commands/bench";
import { dataset } from "./commands/dataset";
import { match } from "./commands/match";
import { sample } from "./commands/sample";
import { score } from "./commands/score";
import { study } from "./commands/study";
import type { CliIo, Command } from "./io";

const COMMANDS: Readonly<Record<string, Command>> = { sample, score, accuracy, match, study, dataset, bench };

const USAGE = `npm run -s dial -- COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join("\n")}

COMMAND --help says more. Results are JSON on standard output; progress is on standard error.
Bad input ends with status 2 and one line "error: ...".`;

/**
 * Runs the command that the arguments name.
 * @returns a text to show in place of a result: the usage, where it was asked for.
 * @throws DialError on bad input, and what the models throw.
 */
export async function run(args: readonly string[], io: CliIo): Promise<string | null> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") return USAGE;
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const problem = name === undefined ? "no command" : `unknown command: ${JSON.stringify(name)}`;
    const known = Object.keys(COMMANDS).join(", ");
    throw new DialError("invalid-option", `${problem}; expected one of ${known}, or --help`);
  }
  if (rest.includes("--help") || rest.includes("-h")) return `npm run -s dial -- ${command.usage}`;
  await command.run(rest, io);
  return null;
}
