/**
 * The file that a dataset is made of, and the labels of completions, in IndexedDB: labelling goes on after a reload.
 *
 * A label belongs to a judge and a completion, not to a file: whatever file the completion comes in, it is paid for once.
 */

import type { DBSchema } from "idb";
import type { Labels } from "../domain/dataset/labelTable";
import { database } from "./database";

export interface DatasetFile {
  readonly name: string;
  readonly content: Blob;
}

export interface DatasetFiles {
  readonly data: DatasetFile;
  /** Prompts that the policy will be tested on. */
  readonly testPrompts: DatasetFile | null;
}

export interface JudgeLabels extends Labels {
  readonly judge: string;
}

interface Schema extends DBSchema {
  files: { key: "open"; value: DatasetFiles };
  labels: { key: number; value: JudgeLabels; indexes: { judge: string } };
}

const OPEN = "open";

const using = database<Schema>({
  name: "reward-dial-dataset",
  version: 1,
  keeps: "the dataset",
  upgrade(db) {
    db.createObjectStore("files");
    db.createObjectStore("labels", { autoIncrement: true }).createIndex("judge", "judge");
  },
});

export async function saveDatasetFiles(files: DatasetFiles): Promise<void> {
  await using((db) => db.put("files", files, OPEN));
}

export async function readDatasetFiles(): Promise<DatasetFiles | undefined> {
  return using((db) => db.get("files", OPEN));
}

/** Takes the files off this device; their labels stay. */
export async function removeDatasetFiles(): Promise<void> {
  await using((db) => db.delete("files", OPEN));
}

/** @param judge what the scores depend on: the sha256 of its files. */
export async function saveLabels(judge: string, labels: Labels): Promise<void> {
  await using((db) => db.add("labels", { ...labels, judge }));
}

/** All labels of a judge, in the lists that they were saved in. */
export async function readLabels(judge: string): Promise<readonly Labels[]> {
  return using((db) => db.getAllFromIndex("labels", "judge", judge));
}

/** Takes all labels, of any file and judge, off this device. @returns them, for `restoreLabels`. */
export async function removeLabels(): Promise<readonly JudgeLabels[]> {
  return using(async (db) => {
    const { store, done } = db.transaction("labels", "readwrite");
    const [labels] = await Promise.all([store.getAll(), store.clear(), done]);
    return labels;
  });
}

export async function restoreLabels(lists: readonly JudgeLabels[]): Promise<void> {
  await using(async (db) => {
    const { store, done } = db.transaction("labels", "readwrite");
    await Promise.all([...lists.map((labels) => store.add(labels)), done]);
  });
}
