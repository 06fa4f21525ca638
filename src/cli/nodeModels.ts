import { heldoutJudge, policyEntry, policyModels, shippedPolicies } from "../runtimes/local/manifest";
import { openJudge, openPolicy, readManifest, readPolicyTokenizer } from "../runtimes/local/node";
import { openBench } from "./bench/openBench";
import type { ModelSource } from "./io";

interface Closable {
  close(): Promise<void>;
}

/** The models of the repository, with a way to close all that are still open. */
export function nodeModels(): ModelSource & { close(): Promise<void> } {
  const opened = new Set<Closable>();
  const keep = <Model extends Closable>(model: Model): Model => {
    opened.add(model);
    const close = async (): Promise<void> => {
      if (opened.delete(model)) await model.close();
    };
    return { ...model, close };
  };
  return {
    async shipped() {
      const manifest = await readManifest();
      return {
        policies: shippedPolicies(manifest),
        filesOf: (policy) => policyModels(manifest, policyEntry(manifest, policy), "nbits"),
        judge: manifest.defaults.judge,
        heldout: (judge) => heldoutJudge(manifest, judge),
      };
    },
    openPolicy: async (adapter, format) => keep(await openPolicy({ adapter, format })),
    openJudge: async (judge) => keep(await openJudge({ judge })),
    openBench: async (threads) => keep(await openBench(threads)),
    readPolicyTokenizer,
    async close() {
      await Promise.all([...opened].map((model) => model.close()));
    },
  };
}
