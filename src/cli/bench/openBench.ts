import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateConfig, generatePeer } from "../../bench/generatePeer";
import { ownSampler } from "../../bench/ownSampler";
import { leastStep, measureMachine, stepWork } from "../../bench/roofline";
import type { Contestant } from "../../experiments/bench";
import type { Layout } from "../../runtimes/local/layout";
import { readDefaultPolicy } from "../../runtimes/local/node";
import { createNodeSession } from "../../runtimes/local/nodeSession";
import type { GraphFiles, Session } from "../../runtimes/local/session";

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/reward-dial", import.meta.url));

export interface Bench {
  /** Ours first. */
  readonly contestants: readonly Contestant[];
  readonly threads: number;
  /** Milliseconds that a step of so many rows takes at least, on this machine now. */
  leastStep(rows: number): Promise<number>;
  close(): Promise<void>;
}

/** Our sampler and `generate` over the default policy, on the same onnxruntime-node. @throws as openPolicy does. */
export async function openBench(wanted: number | undefined): Promise<Bench> {
  const { files, layout, threads } = await readDefaultPolicy(wanted);
  const session = await createNodeSession(files, threads);
  const peers = await openPeers(files, session.inputs, threads);
  return {
    contestants: [ownSampler(session), ...peers.contestants],
    threads,
    leastStep: (rows) => leastStepOf(layout, threads, rows),
    async close() {
      await peers.close();
      await session.close();
    },
  };
}

async function leastStepOf(layout: Layout, threads: number, rows: number): Promise<number> {
  const machine = await measureMachine(async (kind) => {
    const graph = await readFile(new URL(`../../bench/peak-${kind}.onnx`, import.meta.url));
    return createNodeSession({ graph, external: {} }, threads);
  });
  return leastStep(stepWork(layout), machine, rows);
}

async function openPeers(files: GraphFiles, inputs: Session<unknown>["inputs"], threads: number) {
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
    const peer = (how: "in a batch" | "one by one") => generatePeer(library, model, inputs, how);
    return {
      contestants: [peer("in a batch"), peer("one by one")],
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
