/** What opening a model in a page takes and gives. */

import type { DeviceChoice } from "./device";
import type { LoadProgress } from "./progress";
import type { OpenedModel } from "./workerApi";

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

/** Address of the models; models/ beside the page also where the page lies under a sub-path. */
export function modelFolder(folder = "models/"): string {
  return new URL(folder, document.baseURI).href;
}
