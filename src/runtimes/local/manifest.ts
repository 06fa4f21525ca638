/** models/manifest.json: which files make a policy or a judge, and what each must be. Made by models/recipe. */

import * as v from "valibot";
import { checkModelFile } from "../../domain/checkModelFile";
import { DialError } from "../../domain/errors";
import { AXES, type Axis } from "../../domain/reward";
import { PROMPT_FORMATS, type PromptFormat } from "../../domain/rewardPrompt";

const file = {
  /** Relative to the folder of the manifest. */
  path: v.string(),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
};
const plainFile = v.object(file);
const origin = { licence: v.string(), source: v.string() };
const graph = v.object({ ...file, layout: plainFile });
const graphs = v.object({ nbits: graph, int8: graph });
const judge = { ...origin, tokenizer: plainFile, reference: plainFile };

const schema = v.object({
  version: v.literal(1),
  policy: v.object({
    name: v.string(),
    /** Tokens, prompt and completion together. */
    context: v.pipe(v.number(), v.integer(), v.minValue(1)),
    base: v.object({ ...origin, files: v.array(plainFile) }),
    graphs,
    tokenizer: plainFile,
    adapters: v.record(
      v.string(),
      v.object({
        ...file,
        ...origin,
        format: v.picklist(PROMPT_FORMATS),
        axes: v.array(v.picklist(AXES)),
      }),
    ),
  }),
  judges: v.record(
    v.string(),
    v.union([
      /** A model of its own, weights inside the graph. */
      v.object({ ...judge, graph: plainFile }),
      /** Heads on lower layers of the policy's base, and the files that those layers lie in. */
      v.object({ ...judge, graphs, base: v.array(plainFile) }),
    ]),
  ),
  defaults: v.object({ adapter: v.string(), judge: v.string() }),
});

export type Manifest = v.InferOutput<typeof schema>;
export type ModelFile = v.InferOutput<typeof plainFile>;
export type AdapterEntry = Manifest["policy"]["adapters"][string];
export type JudgeEntry = Manifest["judges"][string];

/** int8 on WASM, which has no fast 4-bit kernel; nbits elsewhere. */
export type GraphKind = keyof Manifest["policy"]["graphs"];

/** @throws DialError "model-damaged" naming the first field that is wrong. */
export function checkManifest(value: unknown): Manifest {
  return checkModelFile("models/manifest.json", schema, value);
}

/** @throws DialError "invalid-option" naming the adapters there are. */
export function adapterEntry(
  manifest: Manifest,
  name = manifest.defaults.adapter,
): AdapterEntry & { name: string } {
  return { ...pick(manifest.policy.adapters, name, "adapter"), name };
}

/** The policy without any adapter: the base model as it was published, which knows no rewards. */
export const BASE_POLICY = "base";

/** What a policy is, beside the base: the name is an adapter's or `BASE_POLICY`. */
export interface PolicyEntry {
  readonly name: string;
  readonly format: PromptFormat;
  /** The rewards that its prompts give. */
  readonly axes: readonly Axis[];
  /** null: no adapter, all low-rank updates are zero. */
  readonly adapter: ModelFile | null;
}

/** The policies that a manifest offers, as studies choose among them. */
export function shippedPolicies({ policy, defaults }: Manifest) {
  const adapters = Object.entries(policy.adapters).map(([name, { format, axes }]) => ({
    name,
    format,
    axes,
  }));
  return { adapters, main: defaults.adapter, base: BASE_POLICY };
}

/** @throws DialError "invalid-option" naming the policies there are. */
export function policyEntry(manifest: Manifest, name = manifest.defaults.adapter): PolicyEntry {
  if (name === BASE_POLICY) return { name, format: "none", axes: [], adapter: null };
  const adapter = adapterEntry(manifest, name);
  const { format, axes } = adapter;
  return { name, format, axes, adapter: plain(adapter) };
}

/** @throws DialError "invalid-option" naming the judges there are. */
export function judgeEntry(
  manifest: Manifest,
  name = manifest.defaults.judge,
): JudgeEntry & { name: string } {
  return { ...pick(manifest.judges, name, "judge"), name };
}

/** The judge that scores beside another one, to hold it to account: the first other one; null where none ships. */
export function heldoutJudge(
  { judges, defaults }: Pick<Manifest, "judges" | "defaults">,
  judge = defaults.judge,
): string | null {
  return Object.keys(judges).find((name) => name !== judge) ?? null;
}

function pick<T>(entries: Readonly<Record<string, T>>, name: string, what: string): T {
  const found = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (found) return found;
  throw new DialError(
    "invalid-option",
    `unknown ${what}: ${name}; expected one of ${Object.keys(entries).join(", ")}`,
  );
}

/** Everything that a policy is loaded from. */
export function policyFiles(manifest: Manifest, adapter: ModelFile | null, kind: GraphKind): ModelFile[] {
  const { base, graphs, tokenizer } = manifest.policy;
  const common = [...base.files, graphs[kind], graphs[kind].layout, tokenizer];
  return (adapter ? [...common, adapter] : common).map(plain);
}

/** What a policy's completions depend on, as a run's header has it. */
export function policyModels(
  manifest: Manifest,
  { adapter }: PolicyEntry,
  kind: GraphKind,
): Record<string, string> {
  return hashesOf(policyFiles(manifest, adapter, kind));
}

/** Everything that a judge is loaded from. */
export function judgeFiles(judge: JudgeEntry, kind: GraphKind): ModelFile[] {
  return [...scoringFiles(judge, kind), plain(judge.reference)];
}

/** What a judge's raw scores depend on. */
export function scoringFiles(judge: JudgeEntry, kind: GraphKind): ModelFile[] {
  const network =
    "graph" in judge ? [judge.graph] : [judge.graphs[kind], judge.graphs[kind].layout, ...judge.base];
  return [...network, judge.tokenizer].map(plain);
}

/** sha256 of each file, by path. */
export function hashesOf(files: readonly ModelFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]));
}

function plain({ path, bytes, sha256 }: ModelFile): ModelFile {
  return { path, bytes, sha256 };
}
