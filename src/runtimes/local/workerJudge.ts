import { proxy } from "comlink";
import type { Reference } from "../../domain/reference";
import { Bridge } from "../bridge";
import type { RewardModel } from "../rewardModel";
import { checkSameModels } from "./checkSameModels";
import { type LocalModel, modelFolder, type OpenOptions } from "./openOptions";
import type { OpenedModel, RewardWorkerApi } from "./workerApi";

export type LocalJudge = RewardModel & LocalModel & { readonly reference: Reference };

/**
 * The judge in a worker of its own.
 * @throws DialError "model-missing", "model-damaged", "invalid-option", "worker-died", "aborted".
 */
export async function openJudge(
  options: OpenOptions & { readonly judge?: string | undefined } = {},
): Promise<LocalJudge> {
  const folder = modelFolder(options.folder);
  let first: (OpenedModel & { readonly reference: Reference }) | undefined;
  const bridge = new Bridge<RewardWorkerApi>("the judge's worker", startWorker, async (api) => {
    const onProgress = proxy(options.onProgress ?? (() => {}));
    const opened = await api.open({ folder, name: options.judge, device: "wasm" }, onProgress);
    first ??= opened;
    checkSameModels(first, opened);
  });
  await bridge.open(options.signal);
  let calls = 0;
  return {
    ...(first as unknown as OpenedModel & { readonly reference: Reference }),
    score(examples, { signal } = {}) {
      const id = calls++;
      return bridge.call((api) => api.score(id, examples), { signal, stop: (api) => api.stop(id) });
    },
    close: () => bridge.close(),
  };
}

function startWorker(): Worker {
  return new Worker(new URL("../../../workers/reward.worker.ts", import.meta.url), {
    type: "module",
    name: "reward",
  });
}
