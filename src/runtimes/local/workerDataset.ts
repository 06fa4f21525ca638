import { proxy } from "comlink";
import type { Labels } from "../../domain/dataset/labelTable";
import type { RewardBins } from "../../domain/dataset/rewardBins";
import type { SelectedExample } from "../../domain/dataset/selectExamples";
import type { Overview, Part, Style } from "../../experiments/dataset/session";
import type { WrittenRow } from "../../experiments/dataset/writeRows";
import type { DatasetFiles } from "../../storage/datasets";
import { Bridge } from "../bridge";
import type { DatasetWorkerApi, OnRead, WrittenDataset } from "./datasetWorkerApi";
import { modelFolder } from "./openOptions";

/** A data file in a worker of its own. The next worker reads it again once it is asked about it. */
export class LocalDataset {
  private readonly bridge: Bridge<DatasetWorkerApi>;
  private files: DatasetFiles | undefined;
  private calls = 0;

  constructor() {
    this.bridge = new Bridge<DatasetWorkerApi>("the dataset's worker", startWorker, async (api) => {
      if (this.files) await api.reopen(modelFolder(), this.files);
    });
  }

  /** The files that the last visit left open, if any. */
  stored(): Promise<DatasetFiles | null> {
    return this.bridge.call((api) => api.stored());
  }

  /**
   * Where it fails, what was open before stays so.
   * @throws DialError "invalid-json-line", "empty-prompt" where there is no test prompt, "model-missing", "worker-died";
   *   "aborted" when it is closed meanwhile.
   */
  async open(files: DatasetFiles, onRead: OnRead): Promise<void> {
    await this.bridge.call((api) => api.open(modelFolder(), files, proxy(onRead)));
    this.files = files;
  }

  save(): Promise<void> {
    return this.bridge.call((api) => api.save());
  }

  overview(part: Part): Promise<Overview> {
    return this.bridge.call((api) => api.overview(part));
  }

  /** @throws DialError "model-damaged" where the judge is not the one that the kept labels are of. */
  checkJudge(models: Readonly<Record<string, string>>): Promise<void> {
    return this.bridge.call((api) => api.checkJudge(models));
  }

  /**
   * Lists of `size` examples that have no label; each is read when it is asked for.
   * @throws DialError "aborted" on stop.
   */
  async *unlabelled(
    part: Part,
    size: number,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly SelectedExample[], void> {
    await this.bridge.call((api) => api.beginLabelling(part, size));
    while (true) {
      const batch = await this.bridge.call((api) => api.nextUnlabelled(), {
        signal,
        stop: (api) => api.stopLabelling(),
      });
      if (batch === null) return;
      yield batch;
    }
  }

  /** @throws DialError "storage-failed" where the browser does not keep labels; this visit still has them. */
  keep(labels: Labels): Promise<void> {
    return this.bridge.call((api) => api.keep(labels));
  }

  /** Goes on with the labels that are kept now: for when they were removed, or put back. */
  takeUpLabels(): Promise<void> {
    return this.bridge.call((api) => api.takeUpLabels());
  }

  bins(style: Style): Promise<RewardBins> {
    return this.bridge.call((api) => api.bins(style));
  }

  /** The first labelled rows, exactly as they are written. */
  preview(style: Style, rows: number): Promise<readonly WrittenRow[]> {
    return this.bridge.call((api) => api.preview(style, rows));
  }

  /** @throws DialError "invalid-option" where there is no row to train on, "aborted". */
  write(style: Style, name: string, onRead: OnRead, signal: AbortSignal): Promise<WrittenDataset> {
    const id = this.calls++;
    return this.bridge.call((api) => api.write(id, style, name, proxy(onRead)), {
      signal,
      stop: (api) => api.stop(id),
    });
  }

  /** Takes the files off this device; their labels stay. */
  async clear(): Promise<void> {
    await this.bridge.call((api) => api.clear());
    this.files = undefined;
  }

  /** Ends the worker; calls that wait are rejected with "aborted". The next call starts another. */
  close(): void {
    this.bridge.close();
  }
}

function startWorker(): Worker {
  return new Worker(new URL("../../../workers/dataset.worker.ts", import.meta.url), {
    type: "module",
    name: "dataset",
  });
}
