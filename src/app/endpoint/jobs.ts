/** Fine-tuning jobs: those that this browser remembers, finding others, and following one. */

import { signal } from "@preact/signals";
import * as v from "valibot";
import { TARGET_MODELS } from "../../domain/dataset/targetModels";
import { DialError } from "../../domain/errors";
import { PROMPT_FORMATS } from "../../domain/rewardPrompt";
import { checkBaseUrl, ENDPOINT_KINDS, type EndpointKind } from "../../runtimes/openai/endpoint";
import { FineTuning, isOver, type Job, type JobEvent } from "../../runtimes/openai/fineTuning";
import { readStored, watchStored, writeStored } from "../../storage/webStorage";
import { accessTo, activate } from "./connection";
import { settings } from "./endpointSettings";

const jobSchema = v.object({
  id: v.string(),
  baseUrl: v.string(),
  model: v.string(),
  /** How the model that comes out is asked. */
  kind: v.picklist(ENDPOINT_KINDS),
  /** How the prompts that it was trained on give rewards, where that is known here. */
  format: v.optional(v.picklist(PROMPT_FORMATS)),
  /** Seconds since 1970. */
  createdAt: v.number(),
});

/** Enough to find a job again. The key is not in it. */
export type KnownJob = Readonly<v.InferOutput<typeof jobSchema>>;

export interface OpenJob {
  readonly known: KnownJob;
  /** As it was last heard of. */
  readonly job: Job | null;
  /** Oldest first. */
  readonly events: readonly JobEvent[];
  /** What went wrong when it was last looked at. */
  readonly error: unknown;
  /** Why the last press of Cancel did nothing. */
  readonly cancelError: unknown;
}

const JOBS = "reward-dial-endpoint-jobs";
const EVERY_MS = 3000;
/** Of the pause while there is no answer: 96 s. */
const MOST_DOUBLINGS = 5;

export const known = signal<readonly KnownJob[]>(readJobs() ?? []);
export const open = signal<OpenJob | null>(null);
export const findError = signal<unknown>(null);

/** Null where none are kept. */
function readJobs(): readonly KnownJob[] | null {
  const stored = readStored("local", JOBS);
  return Array.isArray(stored) ? stored.filter((job) => v.is(jobSchema, job)) : null;
}

/** What is kept now, which another tab may have changed. */
const newest = (): readonly KnownJob[] => readJobs() ?? known.peek();

function changeKnown(change: (jobs: readonly KnownJob[]) => readonly KnownJob[]): void {
  known.value = change(newest());
  writeStored("local", JOBS, known.peek());
}

/** Takes over what another tab has remembered or forgotten, and what it will. @returns what ends that. */
export function followOtherTabs(): () => void {
  known.value = newest();
  return watchStored(JOBS, () => {
    known.value = readJobs() ?? [];
  });
}

/** Unique among the jobs of all servers. */
export const nameOf = ({ baseUrl, id }: KnownJob): string => `${baseUrl} ${id}`;

/** Whether it is the job that is shown. */
export function isOpen(job: KnownJob): boolean {
  const shown = open.value;
  return shown !== null && nameOf(shown.known) === nameOf(job);
}

function remember(jobs: readonly KnownJob[]): void {
  changeKnown((before) => {
    const byName = new Map(before.map((job) => [nameOf(job), job]));
    // What only this browser knows of a job stays.
    for (const job of jobs) byName.set(nameOf(job), { ...job, ...byName.get(nameOf(job)) });
    return [...byName.values()].sort((a, b) => b.createdAt - a.createdAt);
  });
}

/** Forgets a job here; it goes on there. */
export function forget(job: KnownJob): void {
  changeKnown((before) => before.filter((other) => nameOf(other) !== nameOf(job)));
  if (isOpen(job)) close();
}

/** Asks the endpoint for all jobs that it knows. */
export async function find(): Promise<void> {
  findError.value = null;
  try {
    const baseUrl = checkBaseUrl(settings.baseUrl.peek());
    const jobs = await new FineTuning(baseUrl, accessTo(baseUrl)).jobs();
    remember(
      jobs.map(({ id, model, created_at }) => {
        return { id, baseUrl, model, kind: kindOf(model) ?? "chat", createdAt: created_at };
      }),
    );
  } catch (error) {
    findError.value = error;
  }
}

/** How a model is asked and trained; null where it is not known. */
export function kindOf(model: string): EndpointKind | null {
  const target = TARGET_MODELS.find(({ name }) => name === model)?.target;
  if (target === "completion") return "completions";
  return target === "chat" ? "chat" : null;
}

let following: AbortController | null = null;

/**
 * Shows a job and asks after it every few seconds until it is over, another is opened or the page is left; more seldom while
 * there is no answer. What only the user can put right ends it.
 */
export async function follow(job: KnownJob): Promise<void> {
  following?.abort();
  const mine = new AbortController();
  following = mine;
  remember([job]);
  const before = isOpen(job) ? open.peek() : null;
  const { job: heard = null, events = [] } = before ?? {};
  open.value = { known: job, job: heard, events, error: null, cancelError: null };
  let there: FineTuning | undefined;
  for (let failed = 0; !mine.signal.aborted; ) {
    try {
      there ??= new FineTuning(job.baseUrl, accessTo(job.baseUrl));
      if (isDone(await look(there, mine.signal))) return;
      failed = 0;
    } catch (error) {
      const shown = open.peek();
      if (mine.signal.aborted || shown === null) return;
      open.value = { ...shown, error };
      // A job takes hours, in which a connection may drop.
      if (!(error instanceof DialError && error.recoverable)) return;
      failed = Math.min(failed + 1, MOST_DOUBLINGS);
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS * 2 ** failed));
  }
}

const isDone = (job: Job | null): boolean => job !== null && isOver(job);

async function look(there: FineTuning, signal: AbortSignal): Promise<Job | null> {
  const shown = open.peek();
  if (shown === null) return null;
  const job = await there.job(shown.known.id);
  const more = await there.newEvents(shown.known.id, new Set(shown.events.map(({ id }) => id)));
  if (signal.aborted) return null;
  // Meanwhile a press of Cancel may have failed.
  const { cancelError } = open.peek() ?? shown;
  open.value = { ...shown, job, events: [...shown.events, ...more], error: null, cancelError };
  return job;
}

export async function cancelJob(): Promise<void> {
  const shown = open.peek();
  if (shown === null) return;
  const { baseUrl, id } = shown.known;
  // Another job may be open by the time that the answer comes.
  const tell = (answer: Partial<OpenJob>): void => {
    const now = open.peek();
    if (now !== null && isOpen(shown.known)) open.value = { ...now, ...answer };
  };
  tell({ cancelError: null });
  try {
    tell({ job: await new FineTuning(baseUrl, accessTo(baseUrl)).cancel(id) });
  } catch (cancelError) {
    tell({ cancelError });
  }
}

/**
 * Puts the model that came out in the policy's place, on the server that trained it; it is asked as it was trained, where that
 * is known.
 * @returns whether it is there now.
 */
export function takeResult({ known: { kind, baseUrl, format }, job }: OpenJob): boolean {
  const model = job?.fine_tuned_model ?? "";
  const priced = settings.baseUrl.peek() === baseUrl && settings.model.peek() === model;
  settings.baseUrl.value = baseUrl;
  settings.model.value = model;
  // Those of the model that was set up before would be taken for its own.
  if (!priced) for (const price of [settings.promptPrice, settings.completionPrice]) price.value = "";
  settings.kind.value = kind;
  if (format !== undefined) settings.format.value = format;
  return activate();
}

export function close(): void {
  following?.abort();
  open.value = null;
}
