import { type OpenModel, openJudge, openPolicy } from "../runtimes/local/node";
import type { ModelSource } from "./io";

/** The models of the repository, with a way to close all that were opened. */
export function nodeModels(): ModelSource & { close(): Promise<void> } {
  const opened: OpenModel[] = [];
  const keep = <Model extends OpenModel>(model: Model): Model => {
    opened.push(model);
    return model;
  };
  return {
    openPolicy: async (adapter) => keep(await openPolicy({ adapter })),
    openJudge: async (judge) => keep(await openJudge({ judge })),
    async close() {
      await Promise.all(opened.map((model) => model.close()));
    },
  };
}
