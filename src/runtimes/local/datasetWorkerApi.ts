/** What the page asks of the dataset's worker. Everything here crosses by structured clone. */

import type { Finding } from "../../domain/dataset/findings";
import type { Labels } from "../../domain/dataset/labelTable";
import type { RewardBins } from "../../domain/dataset/rewardBins";
import type { SelectedExample } from "../../domain/dataset/selectExamples";
import type { FineTuningFile } from "../../domain/fineTuningFile";
import type { Overview, Part, Style } from "../../experiments/dataset/session";
import type { WrittenRow } from "../../experiments/dataset/writeRows";
import type { DatasetFiles } from "../../storage/datasets";

/** Share of the file's bytes that has been read, in [0, 1]. */
export type OnRead = (share: number) => void;

export interface WrittenDataset {
  /** For training, and where there are rows for it, for validation. */
  readonly files: readonly FineTuningFile[];
  /** What was left out. */
  readonly findings: readonly Finding[];
}

export interface DatasetWorkerApi {
  /** The files that the last visit left open, if any. */
  stored(): Promise<DatasetFiles | null>;
  /** Reads the files to their end. */
  open(folder: string, files: DatasetFiles, onRead: OnRead): Promise<void>;
  /** Opens the files of a worker before; they are read once something is asked about them. */
  reopen(folder: string, files: DatasetFiles): Promise<void>;
  /** Keeps the open files for the next visit. */
  save(): Promise<void>;
  overview(part: Part): Promise<Overview>;
  /** Refuses labels of another judge than the one that the kept ones are of. */
  checkJudge(models: Readonly<Record<string, string>>): Promise<void>;
  /** Begins to walk through the examples that have no label. */
  beginLabelling(part: Part, size: number): Promise<void>;
  /** The next list, or null at the end. */
  nextUnlabelled(): Promise<readonly SelectedExample[] | null>;
  /** Breaks the walk off. */
  stopLabelling(): void;
  keep(labels: Labels): Promise<void>;
  /** Goes on with the labels that are kept now. */
  takeUpLabels(): Promise<void>;
  bins(style: Style): Promise<RewardBins>;
  preview(style: Style, rows: number): Promise<readonly WrittenRow[]>;
  /** `id` names the call for `stop`. */
  write(id: number, style: Style, name: string, onRead: OnRead): Promise<WrittenDataset>;
  /** Takes the files off this device; their labels stay. */
  clear(): Promise<void>;
  stop(id: number): void;
}
