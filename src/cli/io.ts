import type { PromptFormat } from "../domain/rewardPrompt";
import type { ShippedPolicies } from "../experiments/studies/study";
import type { OpenJudge, OpenPolicy } from "../runtimes/local/node";
import type { Bench } from "./bench/openBench";

/** What the manifest offers. */
export interface Shipped {
  readonly policies: ShippedPolicies;
  /** sha256 of each file that a policy is loaded from, by path. */
  filesOf(policy: string): Readonly<Record<string, string>>;
  /** Name of the default judge. */
  readonly judge: string;
  /** Name of a second judge beside one, the default where none is named; null where none ships. */
  heldout(judge?: string): string | null;
}

/** Where commands get their models from. A name left out is the manifest's default. */
export interface ModelSource {
  shipped(): Promise<Shipped>;
  /**
   * @param adapter may be the path of a .safetensors file.
   * @param format of its prompts, for a file.
   */
  openPolicy(adapter?: string, format?: PromptFormat): Promise<OpenPolicy>;
  openJudge(judge?: string): Promise<OpenJudge>;
  /** The default policy in our sampler and in those of its peers; `threads` left out is all cores. */
  openBench(threads?: number): Promise<Bench>;
  /** The content of the policy's tokenizer.json. */
  readPolicyTokenizer(): Promise<string>;
}

/** All of the outside that a command touches, but for files that it is told to read or write. */
export interface CliIo {
  readonly models: ModelSource;
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
