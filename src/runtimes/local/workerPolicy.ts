import { proxy } from "comlink";
import { Bridge } from "../bridge";
import type { Policy } from "../policy";
import { checkSameModels } from "./checkSameModels";
import { eventsOf } from "./eventsOf";
import { type LocalModel, modelFolder, type OpenOptions } from "./openOptions";
import type { OwnAdapter } from "./ownAdapter";
import type { OpenedPolicy, PolicyWorkerApi, SampleEvents } from "./workerApi";

export type LocalPolicy = Policy & LocalModel;

/**
 * The policy in a worker of its own. A worker that takes the place of a dead one runs on the same device.
 * @param options.cachedOnly see OpenRequest; of the first worker alone, as those after it are needed.
 * @throws DialError "model-missing", "model-damaged", "device-unavailable", "invalid-option", "worker-died", "aborted".
 */
export async function openPolicy(
  options: OpenOptions & {
    readonly adapter?: string;
    readonly own?: OwnAdapter | undefined;
    readonly cachedOnly?: boolean;
  } = {},
): Promise<LocalPolicy> {
  const { device = "auto", adapter, own, cachedOnly = false } = options;
  const folder = modelFolder(options.folder);
  let first: OpenedPolicy | undefined;
  const bridge = new Bridge<PolicyWorkerApi>("the policy's worker", startWorker, async (api) => {
    const onProgress = proxy(options.onProgress ?? (() => {}));
    const opened = await api.open(
      {
        folder,
        name: adapter,
        own,
        device: first?.device ?? device,
        cachedOnly: cachedOnly && first === undefined,
      },
      onProgress,
    );
    first ??= opened;
    checkSameModels(first, opened);
  });
  await bridge.open(options.signal);
  let calls = 0;
  return {
    ...(first as unknown as OpenedPolicy),
    check: (requests) => bridge.call((api) => api.check(requests)),
    sample(requests, { signal, onToken } = {}) {
      const id = calls++;
      return eventsOf(
        (deliver: (events: SampleEvents) => void, stopSignal) =>
          bridge.call(
            (api) =>
              api.sample(
                id,
                requests,
                proxy(async (events: SampleEvents) => deliver(events)),
              ),
            {
              signal: stopSignal,
              stop: (api) => api.stop(id),
            },
          ),
        onToken,
        signal,
      );
    },
    close: () => bridge.close(),
  };
}

function startWorker(): Worker {
  return new Worker(new URL("../../../workers/policy.worker.ts", import.meta.url), {
    type: "module",
    name: "policy",
  });
}
