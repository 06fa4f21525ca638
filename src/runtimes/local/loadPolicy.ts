/** Puts a policy together from its files. */

import type { Axis } from "../../domain/reward";
import type { PromptFormat } from "../../domain/rewardPrompt";
import type { Policy } from "../policy";
import { SessionDecoder } from "./decoder";
import { checkLayout, type Layout } from "./layout";
import { type Lora, NO_LORA, readLora } from "./lora";
import type { GraphKind, Manifest, ModelFile, PolicyEntry } from "./manifest";
import { OnnxPolicy } from "./onnxPolicy";
import { readSafetensors, type TensorFile } from "./safetensors";
import type { GraphFiles, Session } from "./session";
import { PolicyTokenizer } from "./tokenizer";
import { buildAdapter, buildBase } from "./weights";

/** The checked bytes of a model file by its path in the manifest. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** How much is sampled at a time. */
export interface SamplerSize {
  readonly maxRows: number;
  /** Bytes of keys and values of the rows. */
  readonly rowBytes: number;
  /** Bytes of keys and values of prompts that are kept. */
  readonly prefixBytes: number;
}

export interface LoadedPolicy {
  readonly policy: Policy & Required<Pick<Policy, "axes" | "check">>;
  close(): Promise<void>;
}

/** What makes a policy of the base. */
export interface PolicySource {
  readonly name: string;
  readonly format: PromptFormat;
  /** See Policy. */
  readonly axes: readonly Axis[];
  readonly readLora: () => Promise<Lora>;
}

export async function loadPolicy<Block>(
  manifest: Manifest,
  { readLora, ...source }: PolicySource,
  kind: GraphKind,
  read: ReadFile,
  createSession: (files: GraphFiles) => Promise<Session<Block>>,
  { rowBytes, ...size }: SamplerSize,
): Promise<LoadedPolicy> {
  // Files are read beside one another, and the tokenizer is made while the weights arrive.
  const [session, tokenizer] = await Promise.all([
    policyGraph(manifest, readLora, kind, read).then(createSession),
    read(manifest.policy.tokenizer.path).then((json) => new PolicyTokenizer(text(json))),
  ]);
  const decoder = new SessionDecoder(session, rowBytes);
  const policy = new OnnxPolicy(decoder, tokenizer, {
    ...source,
    context: manifest.policy.context,
    ...size,
  });
  return { policy, close: () => session.close() };
}

/** A policy of the manifest; with no adapter the base stays as it is. */
export function shippedPolicy({ adapter, ...policy }: PolicyEntry, read: ReadFile): PolicySource {
  return { ...policy, readLora: async () => (adapter ? shippedLora(adapter.path, read) : NO_LORA) };
}

/** An adapter of the manifest, by its path. */
export async function shippedLora(path: string, read: ReadFile): Promise<Lora> {
  return readLora(path, readSafetensors([{ path, bytes: await read(path) }]));
}

/** The graph and the two files of weights that it refers to. */
export async function policyGraph(
  manifest: Manifest,
  readLora: PolicySource["readLora"],
  kind: GraphKind,
  read: ReadFile,
): Promise<GraphFiles> {
  const { base, graphs } = manifest.policy;
  const { path } = graphs[kind];
  const [layout, graph, shards, lora] = await Promise.all([
    policyLayout(manifest, kind, read),
    read(path),
    readShards(base.files, read),
    readLora(),
  ]);
  return {
    graph,
    external: { "base.bin": buildBase(layout, shards), "adapter.bin": buildAdapter(layout, lora) },
  };
}

/** Tensors that lie in several files, as one. */
export async function readShards(files: readonly ModelFile[], read: ReadFile): Promise<TensorFile> {
  return readSafetensors(
    await Promise.all(files.map(async ({ path }) => ({ path, bytes: await read(path) }))),
  );
}

/** What lies where in the two files of weights. */
export async function policyLayout(manifest: Manifest, kind: GraphKind, read: ReadFile): Promise<Layout> {
  const { path } = manifest.policy.graphs[kind].layout;
  return checkLayout(path, JSON.parse(text(await read(path))));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
