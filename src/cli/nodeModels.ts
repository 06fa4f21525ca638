import { openJudge, openPolicy } from "../runtimes/local/node";
import { openBench } from "./bench/openBench";
import type { ModelSource } from "./io";

interface Closable {
  close(): Promise<void>;
}

/** The models of the repository, with a way to close all that were opened. */
export function nodeModels(): ModelSource & { close(): Promise<void> } {
  const opened: Closable[] = [];
  const keep = <Model extends Closable>(model: Model): Model => {
    opened.push(model);
    return model;
  };
  return {
    openPolicy: async (adapter) => keep(await openPolicy({ adapter })),
    openJudge: async (judge) => keep(await openJudge({ judge })),
    openBench: async (threads) => keep(await openBench(threads)),
    async close() {
      await Promise.all(opened.map((model) => model.close()));
    },
  };
}
