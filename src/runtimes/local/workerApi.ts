/** What the page asks of the two model workers. Everything here crosses by structured clone. */

import type { Reference } from "../../domain/reference";
import type { Axis } from "../../domain/reward";
import type { Completion, CompletionRequest } from "../policy";
import type { Example, Score } from "../rewardModel";
import type { Device, DeviceChoice } from "./device";
import type { OwnAdapter } from "./ownAdapter";
import type { LoadProgress } from "./progress";

export interface OpenRequest {
  /** Address of the folder that manifest.json lies in, with a slash at the end. */
  readonly folder: string;
  /** Name of the adapter or judge; undefined takes the manifest's default. */
  readonly name: string | undefined;
  readonly device: DeviceChoice;
  /** An adapter of the user's, which takes the place of the named one. */
  readonly own?: OwnAdapter | undefined;
  /** Loads from what this device has, or fails: nothing is downloaded, nor another device tried. */
  readonly cachedOnly?: boolean;
}

export interface OpenedModel {
  readonly name: string;
  readonly device: Device;
  /** A sentence that says why this device. */
  readonly deviceReason: string;
  /** sha256 of each file that the model was loaded from, by path. */
  readonly models: Readonly<Record<string, string>>;
}

export interface OpenedPolicy extends OpenedModel {
  /** See Policy. */
  readonly axes: readonly Axis[];
}

/** What happened since the last batch. */
export interface SampleEvents {
  /** The newest text of each request that got tokens. */
  readonly texts: readonly (readonly [index: number, textSoFar: string])[];
  readonly completions: readonly { readonly index: number; readonly completion: Completion }[];
}

export interface PolicyWorkerApi {
  open(request: OpenRequest, onProgress: (progress: LoadProgress) => void): Promise<OpenedPolicy>;
  check(requests: readonly CompletionRequest[]): Promise<void>;
  /** Resolves when all events have been delivered. `id` names the call for `stop`. */
  sample(
    id: number,
    requests: readonly CompletionRequest[],
    onEvents: (events: SampleEvents) => Promise<void>,
  ): Promise<void>;
  stop(id: number): void;
}

export interface RewardWorkerApi {
  open(
    request: OpenRequest,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<OpenedModel & { readonly reference: Reference }>;
  score(id: number, examples: readonly Example[]): Promise<Score[]>;
  stop(id: number): void;
}
