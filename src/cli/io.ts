import type { Reference } from "../domain/reference";
import type { Policy } from "../runtimes/policy";
import type { RewardModel } from "../runtimes/rewardModel";

/** Where commands get their models from. A name left out is the manifest's default. */
export interface ModelSource {
  openPolicy(adapter?: string): Promise<Policy>;
  openJudge(judge?: string): Promise<RewardModel & { readonly reference: Reference }>;
  /** sha256 of each file that these models are made of, by path. */
  sha256s(
    adapter: string | undefined,
    judges: readonly (string | undefined)[],
  ): Promise<Record<string, string>>;
  /** Releases the memory and threads of all that was opened. */
  close(): Promise<void>;
}

/** All of the outside that a command touches, but for files that it is told to read or write. */
export interface CliIo {
  readonly models: Omit<ModelSource, "close">;
  /** Writes a value as one line of JSON on standard output. */
  print(value: unknown): void;
  /** Shows how far a command is, on standard error. */
  progress(text: string): void;
  readonly signal: AbortSignal;
}

export interface Command {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Synopsis and options, for `--help`. */
  readonly usage: string;
  run(args: readonly string[], io: CliIo): Promise<void>;
}
