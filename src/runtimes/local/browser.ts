/** Policy and judge in a page: a worker each, behind the same interfaces as everywhere. */

import { proxy } from "comlink";
import type { Reference } from "../../domain/reference";
import { cachedFiles, clearModelFiles } from "../../storage/modelFiles";
import { Bridge } from "../bridge";
import type { Policy } from "../policy";
import type { RewardModel } from "../rewardModel";
import { type ChosenDevice, chooseDevice, type DeviceChoice } from "./device";
import { eventsOf } from "./eventsOf";
import {
  adapterEntry,
  type GraphKind,
  judgeEntry,
  judgeFiles,
  type ModelFile,
  policyFiles,
} from "./manifest";
import { fetchManifest } from "./modelLoad";
import type { LoadProgress } from "./progress";
import type { OpenedModel, PolicyWorkerApi, RewardWorkerApi, SampleEvents } from "./workerApi";

export type { Device, DeviceChoice } from "./device";
export type { LoadProgress } from "./progress";

export interface OpenOptions {
  /** Default "auto". The judge runs on WASM whatever this says. */
  readonly device?: DeviceChoice;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Cancels the load; files that arrived whole are kept. */
  readonly signal?: AbortSignal;
  /** Address of the folder that manifest.json lies in; default: models/ beside the page. */
  readonly folder?: string;
}

export interface LocalModel extends OpenedModel {
  /** Ends the worker; calls that wait are rejected with "aborted". */
  close(): void;
}

export type LocalPolicy = Policy & LocalModel;
export type LocalJudge = RewardModel & LocalModel & { readonly reference: Reference };

export interface DownloadPlan {
  readonly device: ChosenDevice;
  readonly files: readonly PlannedFile[];
}

export interface PlannedFile extends ModelFile {
  /** Whether it is on this device already. */
  readonly cached: boolean;
}

/**
 * What the policy and the judge will be loaded from, before anything is loaded.
 * @throws DialError "model-missing", "model-damaged", "device-unavailable" or "invalid-option".
 */
export async function downloadPlan(
  options: Pick<OpenOptions, "device" | "folder"> & {
    readonly adapter?: string;
    readonly judge?: string;
  } = {},
): Promise<DownloadPlan> {
  const folder = modelFolder(options.folder);
  const [device, manifest] = await Promise.all([
    chooseDevice(options.device ?? "auto"),
    fetchManifest(folder),
  ]);
  const kind: GraphKind = device.device === "webgpu" ? "nbits" : "int8";
  const files = [
    ...policyFiles(manifest, adapterEntry(manifest, options.adapter), kind),
    ...judgeFiles(judgeEntry(manifest, options.judge)),
  ];
  const cached = await cachedFiles(folder, files);
  return { device, files: files.map((file) => ({ ...file, cached: cached.has(file.path) })) };
}

/** Removes all model files from this device. */
export async function clearModels(): Promise<void> {
  await clearModelFiles();
}

/** @throws DialError "model-missing", "model-damaged", "device-unavailable", "invalid-option", "worker-died", "aborted". */
export async function openPolicy(
  options: OpenOptions & { readonly adapter?: string } = {},
): Promise<LocalPolicy> {
  const { device = "auto", adapter } = options;
  let opened: OpenedModel | undefined;
  const bridge = new Bridge<PolicyWorkerApi>("the policy's worker", startPolicyWorker, async (api) => {
    const onProgress = proxy(options.onProgress ?? (() => {}));
    opened = await api.open({ folder: modelFolder(options.folder), name: adapter, device }, onProgress);
  });
  await bridge.open(options.signal);
  let calls = 0;
  return {
    ...(opened as unknown as OpenedModel),
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

/** @throws DialError "model-missing", "model-damaged", "invalid-option", "worker-died", "aborted". */
export async function openJudge(
  options: OpenOptions & { readonly judge?: string } = {},
): Promise<LocalJudge> {
  let opened: (OpenedModel & { readonly reference: Reference }) | undefined;
  const bridge = new Bridge<RewardWorkerApi>("the judge's worker", startRewardWorker, async (api) => {
    const onProgress = proxy(options.onProgress ?? (() => {}));
    opened = await api.open(
      { folder: modelFolder(options.folder), name: options.judge, device: "wasm" },
      onProgress,
    );
  });
  await bridge.open(options.signal);
  let calls = 0;
  return {
    ...(opened as unknown as OpenedModel & { readonly reference: Reference }),
    score(examples, { signal } = {}) {
      const id = calls++;
      return bridge.call((api) => api.score(id, examples), { signal, stop: (api) => api.stop(id) });
    },
    close: () => bridge.close(),
  };
}

function startPolicyWorker(): Worker {
  return new Worker(new URL("../../../workers/policy.worker.ts", import.meta.url), {
    type: "module",
    name: "policy",
  });
}

function startRewardWorker(): Worker {
  return new Worker(new URL("../../../workers/reward.worker.ts", import.meta.url), {
    type: "module",
    name: "reward",
  });
}

/** models/ beside the page, also under a sub-path. */
function modelFolder(folder = "models/"): string {
  return new URL(folder, document.baseURI).href;
}
