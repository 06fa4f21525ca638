/** The data file that is open: choosing it, finding it again after a reload, and what is in it. */

import { computed, signal } from "@preact/signals";
import { NORMALISERS } from "../../domain/dataset/rewardScale";
import { targetModel } from "../../domain/dataset/targetModels";
import { hasCode } from "../../domain/errors";
import { PROMPT_FORMATS } from "../../domain/rewardPrompt";
import type { Overview, Style } from "../../experiments/dataset/session";
import { LocalDataset } from "../../runtimes/local/workerDataset";
import type { DatasetFiles } from "../../storage/datasets";
import { attempt, RULES, readChoice, readNumber } from "../fields";
import { dataset as settings } from "../settings";

export interface Reading {
  readonly name: string;
  /** Of the file's bytes, in [0, 1]. */
  readonly share: number;
}

export const worker = new LocalDataset();

export const files = signal<DatasetFiles | null>(null);
/** The file that is being read; the one from before stays open until it has been. */
export const reading = signal<Reading | null>(null);
/** Why the last file chosen could not be used. */
export const fileError = signal<unknown>(null);
/** Set when the browser does not keep the file or its labels; this visit goes on without. */
export const unsaved = signal<unknown>(null);
/** Whether lines that cannot be read are left out; asked anew for each file. */
export const skipMalformed = signal(false);
export const overview = signal<Overview | null>(null);

/** What the settings ask for; null while one of them cannot be used. */
export const style = computed<Style | null>(() => attempt(readStyle));

export const malformed = computed(
  () => overview.value?.findings.find(({ kind }) => kind === "malformed")?.count ?? 0,
);

/** @throws DialError for the first setting that cannot be used. */
export function readStyle(): Style {
  return {
    validation: readNumber(settings.validation.value, RULES.validation),
    limit: readNumber(settings.limit.value, RULES.limit),
    normaliser: readChoice("normaliser", settings.normaliser.value, NORMALISERS),
    format: readChoice("format", settings.format.value, PROMPT_FORMATS),
    model: targetModel(settings.model.value),
  };
}

export function openData(file: File): Promise<void> {
  return open(
    { data: { name: file.name, content: file }, testPrompts: files.peek()?.testPrompts ?? null },
    file.name,
  );
}

/** Reads the open file again, without what begins like one of these prompts. */
export async function setTestPrompts(file: File | null): Promise<void> {
  const data = files.peek()?.data;
  if (data)
    await open({ data, testPrompts: file && { name: file.name, content: file } }, file?.name ?? data.name);
}

let restored = false;

/** Opens what the last visit left open; once a visit. */
export async function restore(): Promise<void> {
  if (restored) return;
  restored = true;
  try {
    const stored = await worker.stored();
    if (stored) await reopen(stored);
  } catch (error) {
    unsaved.value = error;
  }
}

/** Opens files of before, unless others have been chosen since. */
async function reopen(former: DatasetFiles): Promise<void> {
  if (!files.peek() && !reading.peek()) await open(former, former.data.name);
}

async function open(chosen: DatasetFiles, name: string): Promise<void> {
  fileError.value = null;
  reading.value = { name, share: 0 };
  try {
    await worker.open(chosen, (share) => {
      if (reading.peek()) reading.value = { name, share };
    });
    if (chosen.data !== files.peek()?.data) skipMalformed.value = false;
    overview.value = null;
    files.value = chosen;
    reading.value = null;
    await keep(worker.save());
  } catch (error) {
    if (!hasCode(error, "aborted")) fileError.value = error;
  } finally {
    reading.value = null;
  }
}

/** Gives up the reading; the file from before is opened again when it is next needed. */
export function cancelReading(): void {
  worker.close();
}

/**
 * Takes the open file off this device; its labels stay.
 * @returns opens it again, unless another has been chosen since.
 */
export async function clear(): Promise<() => Promise<void>> {
  const former = files.peek();
  await worker.clear();
  files.value = null;
  overview.value = null;
  return async () => {
    if (former) await reopen(former);
  };
}

/** A browser that keeps nothing must not end the work: it is said, and this visit goes on. */
export async function keep(saving: Promise<void>): Promise<void> {
  try {
    await saving;
  } catch (error) {
    if (!hasCode(error, "storage-failed")) throw error;
    unsaved.value = error;
  }
}
