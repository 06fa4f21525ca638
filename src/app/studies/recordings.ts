/** The recorded runs that ship with the page; `dial study NAME --record` makes them. Each is read when it is shown. */

import { signal } from "@preact/signals";
import { DialError } from "../../domain/errors";
import { type Run, readRun } from "../../domain/run";
import { textChunks } from "../../storage/textChunks";

const ADDRESSES = import.meta.glob<string>("../../data/studies/*.jsonl", {
  query: "?url",
  import: "default",
  eager: true,
});

export type Recording<Content = Run> =
  | { readonly kind: "none" }
  | { readonly kind: "loading" }
  | { readonly kind: "there"; readonly run: Content }
  | { readonly kind: "failed"; readonly error: unknown };

const recordings = signal<Readonly<Record<string, Recording>>>({});

export function recordingOf(study: string): Recording {
  const address = ADDRESSES[`../../data/studies/${study}.jsonl`];
  return address === undefined ? { kind: "none" } : (recordings.value[study] ?? { kind: "loading" });
}

/** Reads the recorded run of a study once. */
export async function readRecording(study: string): Promise<void> {
  const address = ADDRESSES[`../../data/studies/${study}.jsonl`];
  if (address === undefined || recordings.peek()[study]?.kind === "there") return;
  const recording = await fetchRecording(study, address, (content) => readRun(textChunks(content)));
  recordings.value = { ...recordings.peek(), [study]: recording };
}

/** What a file that ships holds, or why it did not come. */
export async function fetchRecording<Content>(
  study: string,
  address: string,
  read: (content: Blob) => Promise<Content>,
): Promise<Recording<Content>> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw missing(study, `HTTP ${response.status}`);
    return { kind: "there", run: await read(await response.blob()) };
  } catch (error) {
    return { kind: "failed", error: error instanceof TypeError ? missing(study, error.message) : error };
  }
}

function missing(study: string, reason: string): DialError {
  return new DialError(
    "model-missing",
    `the recorded run of ${study} did not arrive (${reason}): try again, or run it here`,
    true,
  );
}
