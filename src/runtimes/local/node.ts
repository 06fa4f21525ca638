/** Policy and judge under Node: onnxruntime-node over the files in models/. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { DialError } from "../../domain/errors";
import type { Reference } from "../../domain/reference";
import type { Policy } from "../policy";
import type { RewardModel } from "../rewardModel";
import { loadJudge } from "./loadJudge";
import { loadPolicy, type ReadFile } from "./loadPolicy";
import {
  checkManifest,
  hashesOf,
  judgeEntry,
  judgeFiles,
  type Manifest,
  type ModelFile,
  policyEntry,
  policyFiles,
} from "./manifest";
import { createNodeSession } from "./nodeSession";

export interface OpenModel {
  /** sha256 of each file that the model was loaded from, by path. */
  readonly models: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export type OpenPolicy = Policy & OpenModel;
export type OpenJudge = RewardModel & OpenModel & { readonly reference: Reference };

export interface PolicyOptions {
  /** Name of an adapter in the manifest; default: the manifest's. */
  readonly adapter?: string | undefined;
  /** 1 or more; never more than there are cores. Default: all cores. */
  readonly threads?: number | undefined;
  /** Folder of the manifest; default: the repository's models/. */
  readonly folder?: string | undefined;
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
  const files = nodePolicyFiles(manifest, options.adapter);
  const threads = threadCount(options.threads);
  const { policy, close } = await loadPolicy(
    manifest,
    options.adapter,
    "nbits",
    reader(folder, files),
    (graph) => createNodeSession(graph, threads),
  );
  return {
    name: policy.name,
    check: (requests) => policy.check(requests),
    sample: (requests, sampleOptions) => policy.sample(requests, sampleOptions),
    models: hashesOf(files),
    close,
  };
}

/** Everything that a policy is loaded from here. @throws DialError "invalid-option" naming the policies there are. */
export function nodePolicyFiles(manifest: Manifest, name?: string): ModelFile[] {
  return policyFiles(manifest, policyEntry(manifest, name).adapter, "nbits");
}

/** @throws DialError "model-missing", "model-damaged" or "invalid-option". */
export async function openJudge(options: JudgeOptions = {}): Promise<OpenJudge> {
  const folder = options.folder ?? MODELS;
  const manifest = await readManifest(folder);
  const files = judgeFiles(judgeEntry(manifest, options.judge));
  const threads = threadCount(options.threads);
  const { judge, reference, close } = await loadJudge(
    manifest,
    options.judge,
    reader(folder, files),
    (graph) => createNodeSession(graph, threads),
  );
  return {
    name: judge.name,
    score: (examples, scoreOptions) => judge.score(examples, scoreOptions),
    reference,
    models: hashesOf(files),
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

function threadCount(wanted = Number.POSITIVE_INFINITY): number {
  if (!(wanted >= 1)) throw new DialError("invalid-option", `invalid threads: ${wanted}; expected 1 or more`);
  return Math.min(Math.floor(wanted), availableParallelism());
}
