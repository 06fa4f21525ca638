/** Policy and judge in a page: a worker each, behind the same interfaces as everywhere. */

export { clearModelFiles as clearModels } from "../../storage/modelFiles";
export type { Device, DeviceChoice } from "./device";
export { type DownloadPlan, downloadPlan, type PlannedFile } from "./downloadPlan";
export type { LocalModel, OpenOptions } from "./openOptions";
export type { LoadProgress } from "./progress";
export { type LocalJudge, openJudge } from "./workerJudge";
export { type LocalPolicy, openPolicy } from "./workerPolicy";
