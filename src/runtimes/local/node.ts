/** Policy and judge under Node: onnxruntime-node over the files in models/. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DialError } from "../../domain/errors";
import type { Reference } from "../../domain/reference";
import { PROMPT_FORMATS, type PromptFormat } from "../../domain/rewardPrompt";
import type { Policy } from "../policy";
import type { RewardModel } from "../rewardModel";
import type { Layout } from "./layout";
import { loadJudge } from "./loadJudge";
import {
  loadPolicy,
  policyGraph,
  policyLayout,
  type ReadFile,
  type SamplerSize,
  shippedPolicy,
} from "./loadPolicy";
import {
  BASE_POLICY,
  checkManifest,
  hashesOf,
  judgeEntry,
  judgeFiles,
  type Manifest,
  type ModelFile,
  policyEntry,
  policyFiles,
  policyModels,
  scoringFiles,
} from "./manifest";
import { createNodeSession } from "./nodeSession";
import {
  type GivenFile,
  isAdapterFile,
  type OwnAdapter,
  ownAdapter,
  ownPolicy,
  readAdapter,
} from "./ownAdapter";
import type { GraphFiles } from "./session";

export interface OpenModel {
  /** sha256 of each file that the model was loaded from, by path. */
  readonly models: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export type OpenPolicy = Policy & OpenModel;
export type OpenJudge = RewardModel &
  OpenModel & {
    readonly reference: Reference;
    /** sha256 of each file that its raw scores depend on, by path. */
    readonly scoring: Readonly<Record<string, string>>;
  };

export interface PolicyOptions {
  /** Name of an adapter in the manifest, or path of a LoRA's .safetensors file; default: the manifest's. */
  readonly adapter?: string | undefined;
  /** How rewards are written into the prompts of a file's policy; default: as its header says, else bottom. */
  readonly format?: PromptFormat | undefined;
  /** 1 or more; never more than there are cores. Default: all cores. */
  readonly threads?: number | undefined;
  /** Folder of the manifest; default: the repository's models/. */
  readonly folder?: string | undefined;
}

export interface PolicyParts {
  readonly files: GraphFiles;
  readonly layout: Layout;
  readonly threads: number;
}

/** What the default policy is made of, for those who run its graph by themselves. @throws as openPolicy does. */
export async function readDefaultPolicy(threads?: number): Promise<PolicyParts> {
  const manifest = await readManifest();
  const entry = policyEntry(manifest);
  const read = reader(MODELS, policyFiles(manifest, entry.adapter, "nbits"));
  const { readLora } = shippedPolicy(entry, read);
  return {
    files: await policyGraph(manifest, readLora, "nbits", read),
    layout: await policyLayout(manifest, "nbits", read),
    threads: threadCount(threads),
  };
}

export interface JudgeOptions {
  /** Name of a judge in the manifest; default: the manifest's. */
  readonly judge?: string | undefined;
  readonly threads?: number | undefined;
  readonly folder?: string | undefined;
}

const MODELS = fileURLToPath(new URL("../../../models", import.meta.url));

/** @throws DialError "model-missing", "model-damaged" or "invalid-option". */
export async function openPolicy(options: PolicyOptions = {}): Promise<OpenPolicy> {
  const folder = options.folder ?? MODELS;
  const manifest = await readManifest(folder);
  const path = options.adapter !== undefined && isAdapterFile(options.adapter) ? options.adapter : null;
  const entry = policyEntry(manifest, path === null ? options.adapter : BASE_POLICY);
  const files = policyFiles(manifest, entry.adapter, "nbits");
  const read = reader(folder, files);
  const own = path === null ? null : await openOwnAdapter(path, options.format, manifest, read);
  const threads = threadCount(options.threads);
  const { policy, close } = await loadPolicy(
    manifest,
    own ? ownPolicy(own) : shippedPolicy(entry, read),
    "nbits",
    read,
    (graph) => createNodeSession(graph, { threads }),
    samplerSize(),
  );
  return {
    name: policy.name,
    axes: policy.axes,
    check: (requests) => policy.check(requests),
    sample: (requests, sampleOptions) => policy.sample(requests, sampleOptions),
    models: { ...policyModels(manifest, entry, "nbits"), ...own?.files },
    close,
  };
}

/** Reads a LoRA, and the adapter_config.json that lies beside it. */
async function openOwnAdapter(
  path: string,
  format: PromptFormat | undefined,
  manifest: Manifest,
  read: ReadFile,
): Promise<OwnAdapter> {
  const given = async (at: string): Promise<GivenFile | null> => {
    const bytes = await readFile(at).catch(() => null);
    return bytes && { name: at, bytes };
  };
  const weights = await given(path);
  if (weights === null) throw new DialError("invalid-option", `${path}: no such file, or it may not be read`);
  const config = await given(join(dirname(path), "adapter_config.json"));
  const layout = await policyLayout(manifest, "nbits", read);
  const found = await readAdapter(weights, config, layout, manifest.policy.name);
  const content = new Blob([weights.bytes as Uint8Array<ArrayBuffer>]);
  const name = basename(path, extname(path));
  return ownAdapter(found, content, name, format ?? found.format ?? PROMPT_FORMATS[0]);
}

/** @throws DialError "model-missing", "model-damaged" or "invalid-option". */
export async function openJudge(options: JudgeOptions = {}): Promise<OpenJudge> {
  const folder = options.folder ?? MODELS;
  const manifest = await readManifest(folder);
  const entry = judgeEntry(manifest, options.judge);
  const files = judgeFiles(entry, "nbits");
  const threads = threadCount(options.threads);
  const { judge, reference, close } = await loadJudge(
    manifest,
    options.judge,
    "nbits",
    reader(folder, files),
    (graph) => createNodeSession(graph, { threads, spin: false }), // It works beside the policy.
  );
  return {
    name: judge.name,
    score: (examples, scoreOptions) => judge.score(examples, scoreOptions),
    reference,
    models: hashesOf(files),
    scoring: hashesOf(scoringFiles(entry, "nbits")),
    close,
  };
}

/**
 * The content of the policy's tokenizer.json.
 * @throws DialError "model-missing" or "model-damaged".
 */
export async function readPolicyTokenizer(): Promise<string> {
  const { tokenizer } = (await readManifest()).policy;
  return new TextDecoder().decode(await reader(MODELS, [tokenizer])(tokenizer.path));
}

/** @throws DialError "model-missing" or "model-damaged". */
export async function readManifest(folder = MODELS): Promise<Manifest> {
  const text = new TextDecoder().decode(await readModelFile(folder, "manifest.json"));
  try {
    return checkManifest(JSON.parse(text));
  } catch (error) {
    if (error instanceof DialError) throw error;
    throw new DialError("model-damaged", `${folder}/manifest.json is not JSON: ${(error as Error).message}`);
  }
}

/** Reads files and checks each against its sha256. */
function reader(folder: string, files: readonly ModelFile[]): ReadFile {
  const wanted = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  return async (path) => {
    const bytes = await readModelFile(folder, path);
    if (createHash("sha256").update(bytes).digest("hex") !== wanted.get(path)) {
      throw new DialError(
        "model-damaged",
        `${folder}/${path} is damaged: its sha256 is not the manifest's; check it out again`,
      );
    }
    return bytes;
  };
}

async function readModelFile(folder: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(`${folder}/${path}`);
  } catch {
    throw new DialError(
      "model-missing",
      `${folder}/${path} is missing; it comes with the repository, check it out again`,
    );
  }
}

/** Many rows: a step's weights are unpacked once for all of them. */
function samplerSize(): SamplerSize {
  const bytes = Math.min(2 ** 30, totalmem() / 8);
  return { maxRows: 32, rowBytes: bytes, prefixBytes: bytes / 8 };
}

function threadCount(wanted = Number.POSITIVE_INFINITY): number {
  if (!(wanted >= 1)) throw new DialError("invalid-option", `invalid threads: ${wanted}; expected 1 or more`);
  return Math.min(Math.floor(wanted), availableParallelism());
}
