import { cachedFiles } from "../../storage/modelFiles";
import { type ChosenDevice, chooseDevice } from "./device";
import {
  type GraphKind,
  heldoutJudge,
  judgeEntry,
  judgeFiles,
  type ModelFile,
  policyEntry,
  policyFiles,
} from "./manifest";
import { fetchManifest } from "./modelLoad";
import { modelFolder, type OpenOptions } from "./openOptions";
import { runtimeCached } from "./runtimeFile";

export interface DownloadPlan {
  readonly device: ChosenDevice;
  readonly files: readonly PlannedFile[];
  /** Whether the program that runs the policy there, a file of this site, is on this device already. */
  readonly runtimeCached: boolean;
}

export interface PlannedFile extends ModelFile {
  /** The model that it is a part of. */
  readonly model: "policy" | "judge" | "heldout";
  /** Whether it is on this device already. */
  readonly cached: boolean;
}

/**
 * What policy, judge and, where one ships, the second judge will be loaded from, before anything is.
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
  const policy = policyFiles(manifest, policyEntry(manifest, options.adapter).adapter, kind);
  const judge = judgeFiles(judgeEntry(manifest, options.judge), "int8");
  const other = heldoutJudge(manifest, options.judge);
  const heldout = other === null ? [] : judgeFiles(judgeEntry(manifest, other), "int8");
  const files = [
    ...policy.map((file) => ({ ...file, model: "policy" as const })),
    ...judge.map((file) => ({ ...file, model: "judge" as const })),
    ...heldout.map((file) => ({ ...file, model: "heldout" as const })),
  ];
  const [cached, runtime] = await Promise.all([cachedFiles(folder, files), runtimeCached(device.device)]);
  return {
    device,
    files: files.map((file) => ({ ...file, cached: cached.has(file.path) })),
    runtimeCached: runtime,
  };
}
