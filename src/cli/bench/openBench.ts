import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateMatch } from "../../bench/generateMatch";
import { generateConfig, generatePeers } from "../../bench/generatePeer";
import { matchOf } from "../../bench/matchOf";
import { ownMatch } from "../../bench/ownMatch";
import { ownSampler } from "../../bench/ownSampler";
import { type Generate, plainGenerate } from "../../bench/plainGenerate";
import { leastStep, measureMachine, stepWork } from "../../bench/roofline";
import type { Contestant } from "../../experiments/bench";
import type { MatchContestant } from "../../experiments/benchMatch";
import type { Layout } from "../../runtimes/local/layout";
import { policyEntry } from "../../runtimes/local/manifest";
import {
  openJudge,
  openPolicy,
  readDefaultPolicy,
  readManifest,
  readPolicyTokenizer,
} from "../../runtimes/local/node";
import { createNodeSession } from "../../runtimes/local/nodeSession";
import type { GraphFiles, Session } from "../../runtimes/local/session";
import { PolicyTokenizer } from "../../runtimes/local/tokenizer";

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/reward-dial", import.meta.url));

export interface Bench {
  /** Ours first. */
  readonly contestants: readonly Contestant[];
  readonly threads: number;
  /** Milliseconds that a step of so many rows takes at least, on this machine now. */
  leastStep(rows: number): Promise<number>;
  /** @param loopRows rows that the plain loop goes through. */
  openMatch(tokens: number, loopRows: number): Promise<readonly MatchContestant[]>;
  close(): Promise<void>;
}

/** Our sampler and `generate` over the default policy, on the same onnxruntime-node. @throws as openPolicy does. */
export async function openBench(wanted: number | undefined): Promise<Bench> {
  const { files, layout, threads } = await readDefaultPolicy(wanted);
  const session = await createNodeSession(files, { threads });
  const peer = await openGenerate(files, session.inputs, threads);
  const closing = [peer.close, () => session.close()];
  return {
    contestants: [ownSampler(session), ...generatePeers(peer.name, peer.generate)],
    threads,
    leastStep: (rows) => leastStepOf(layout, threads, rows),
    async openMatch(tokens, loopRows) {
      const [policy, judge] = await Promise.all([openPolicy({ threads }), openJudge({ threads })]);
      closing.push(policy.close, judge.close);
      const options = matchOf(judge.reference, tokens);
      const tokenizer = new PolicyTokenizer(await readPolicyTokenizer());
      const { format } = policyEntry(await readManifest());
      const loop = { generate: peer.generate, tokenizer, format, judge };
      return [ownMatch(options, policy, judge), generateMatch(peer.name, options, loop, loopRows)];
    },
    async close() {
      for (const close of closing) await close();
    },
  };
}

async function leastStepOf(layout: Layout, threads: number, rows: number): Promise<number> {
  const work = stepWork(layout);
  const machine = await measureMachine(work, async (kind) => {
    const graph = await readFile(new URL(`../../bench/peak-${kind}.onnx`, import.meta.url));
    return createNodeSession({ graph, external: {} }, { threads });
  });
  return leastStep(work, machine, rows);
}

interface OpenGenerate {
  readonly name: string;
  readonly generate: Generate;
  readonly close: () => Promise<void>;
}

async function openGenerate(
  files: GraphFiles,
  inputs: Session<unknown>["inputs"],
  threads: number,
): Promise<OpenGenerate> {
  const library = await import("@huggingface/transformers");
  const folder = await modelFolder(files, inputs);
  const closeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const model = await library.AutoModelForCausalLM.from_pretrained(folder, {
      local_files_only: true,
      dtype: "fp32", // The file without a suffix; nothing is converted.
      device: "cpu",
      session_options: { intraOpNumThreads: threads },
    });
    return {
      name: `@huggingface/transformers ${library.env.version} generate`,
      generate: plainGenerate(library, model, inputs),
      async close() {
        await model.dispose();
        await closeFolder();
      },
    };
  } catch (error) {
    await closeFolder();
    throw error;
  }
}

/** A folder as transformers.js wants a model. */
async function modelFolder(
  { graph, external }: GraphFiles,
  inputs: Session<unknown>["inputs"],
): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, "bench-"));
  await mkdir(join(folder, "onnx"));
  await writeFile(join(folder, "config.json"), JSON.stringify(generateConfig(inputs)));
  for (const [name, bytes] of Object.entries({ "model.onnx": graph, ...external })) {
    await writeFile(join(folder, "onnx", name), bytes);
  }
  return folder;
}
