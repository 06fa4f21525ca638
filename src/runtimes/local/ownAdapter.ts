/** A LoRA from outside: checked against the graph, then a policy like the shipped ones. */

import { DialError } from "../../domain/errors";
import { AXES } from "../../domain/reward";
import { PROMPT_FORMATS, type PromptFormat } from "../../domain/rewardPrompt";
import { sha256 } from "../../domain/sha256";
import { readAdapterConfig } from "./adapterConfig";
import { type CheckedAdapter, checkAdapter } from "./checkAdapter";
import type { Layout } from "./layout";
import type { PolicySource } from "./loadPolicy";
import { headerScale, type LoraScale } from "./lora";
import { readSafetensors } from "./safetensors";

export interface OwnAdapter extends LoraScale {
  readonly name: string;
  /** How rewards are written into its prompts. */
  readonly format: PromptFormat;
  readonly content: Blob;
  /**
   * sha256 of the files that it came as. Rows depend on the prompt format too, so it stands in the name under which a
   * run records the weights.
   */
  readonly files: Readonly<Record<string, string>>;
}

/** Whether a text names the file of an adapter, and not an adapter of the manifest. */
export function isAdapterFile(text: string): boolean {
  return /\.safetensors$/i.test(text);
}

/** A file as the user gave it. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ReadAdapter extends CheckedAdapter, LoraScale {
  /** The base as its adapter_config.json calls it; null where there is none, or it does not say. */
  readonly trainedOn: string | null;
  /** From the file's header; null where it does not say. */
  readonly format: PromptFormat | null;
  readonly sha256: string;
  readonly configSha256: string | null;
}

/**
 * Reads and checks a PEFT adapter. r and lora_alpha are those of the adapter_config.json, else of the file's header.
 * @param base what the policy's base is called, for messages.
 * @throws DialError "invalid-adapter" naming the file, what is wrong and where.
 */
export async function readAdapter(
  weights: GivenFile,
  config: GivenFile | null,
  layout: Layout,
  base: string,
): Promise<ReadAdapter> {
  const { name, bytes } = weights;
  const file = ofUser(() => readSafetensors([{ path: name, bytes }]));
  const told = config && readAdapterConfig(config.name, new TextDecoder().decode(config.bytes));
  const scale = told ?? ofUser(() => headerScale(name, file));
  const format = PROMPT_FORMATS.find((name) => name === file.metadata.format) ?? null;
  return {
    ...checkAdapter(name, file, scale, layout, base),
    scale: scale.scale,
    trainedOn: told?.base ?? null,
    format,
    sha256: await sha256(bytes),
    configSha256: config && (await sha256(config.bytes)),
  };
}

/** What is a damaged model file where we ship it is a wrong choice of file where the user gave it. */
function ofUser<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DialError ? new DialError("invalid-adapter", error.message) : error;
  }
}

/** The adapter under a name, as it is kept and as runs record it. */
export function ownAdapter(
  { rank, scale, sha256, configSha256 }: ReadAdapter,
  content: Blob,
  name: string,
  format: PromptFormat,
): OwnAdapter {
  const files = {
    [`own/${format}/adapter_model.safetensors`]: sha256,
    ...(configSha256 !== null && { "own/adapter_config.json": configSha256 }),
  };
  return { name, format, content, rank, scale, files };
}

export function ownPolicy({ name, format, content, rank, scale }: OwnAdapter): PolicySource {
  return {
    name,
    format,
    axes: AXES,
    async readLora() {
      const bytes = new Uint8Array(await content.arrayBuffer());
      return { rank, scale, file: readSafetensors([{ path: name, bytes }]) };
    },
  };
}
