/** Puts a policy together from its files. */

import type { Policy } from "../policy";
import { SessionDecoder } from "./decoder";
import { checkLayout } from "./layout";
import { NO_LORA, readLora } from "./lora";
import { type GraphKind, type Manifest, policyEntry } from "./manifest";
import { OnnxPolicy } from "./onnxPolicy";
import { readSafetensors } from "./safetensors";
import type { GraphFiles, Session } from "./session";
import { PolicyTokenizer } from "./tokenizer";
import { buildAdapter, buildBase } from "./weights";

/** The checked bytes of a model file by its path in the manifest. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

/** Bytes of keys and values held at most: 16 rows of 640 tokens of SmolLM2-135M, and well within a WASM heap. */
const CACHE_BYTES = 450 * 2 ** 20;

export interface LoadedPolicy {
  readonly policy: Policy & Required<Pick<Policy, "check">>;
  close(): Promise<void>;
}

export async function loadPolicy<Block>(
  manifest: Manifest,
  adapterName: string | undefined,
  kind: GraphKind,
  read: ReadFile,
  createSession: (files: GraphFiles) => Promise<Session<Block>>,
): Promise<LoadedPolicy> {
  const { name, format, adapter } = policyEntry(manifest, adapterName);
  const tokenizer = new PolicyTokenizer(text(await read(manifest.policy.tokenizer.path)));
  const session = await createSession(await policyGraph(manifest, adapter?.path ?? null, kind, read));
  const decoder = new SessionDecoder(session, CACHE_BYTES);
  const policy = new OnnxPolicy(decoder, tokenizer, {
    name,
    format,
    context: manifest.policy.context,
  });
  return { policy, close: () => session.close() };
}

/** The graph and the two files of weights that it refers to; `adapterPath` null leaves the base as it is. */
export async function policyGraph(
  manifest: Manifest,
  adapterPath: string | null,
  kind: GraphKind,
  read: ReadFile,
): Promise<GraphFiles> {
  const { base, graphs } = manifest.policy;
  const { path, layout: layoutFile } = graphs[kind];
  const layout = checkLayout(layoutFile.path, JSON.parse(text(await read(layoutFile.path))));
  const shards = await Promise.all(base.files.map(async ({ path }) => ({ path, bytes: await read(path) })));
  const lora =
    adapterPath === null
      ? NO_LORA
      : readLora(adapterPath, readSafetensors([{ path: adapterPath, bytes: await read(adapterPath) }]));
  return {
    graph: await read(path),
    external: {
      "base.bin": buildBase(layout, readSafetensors(shards)),
      "adapter.bin": buildAdapter(layout, lora),
    },
  };
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
