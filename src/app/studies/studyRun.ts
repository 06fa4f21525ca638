/** The study that is open, its run in this tab, and starting, stopping and going on with it. */

import { computed, signal } from "@preact/signals";
import { ownPrompts } from "../../data/ownPrompts";
import { checkPrompt, type Dialogue, question } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import type { Row } from "../../domain/row";
import { checkSameRun, type RunHeader } from "../../domain/run";
import { runnable, STUDIES } from "../../experiments/studies/definitions";
import { runStudy } from "../../experiments/studies/runStudy";
import type { ShippedPolicies, Study } from "../../experiments/studies/study";
import { studyHeader } from "../../experiments/studies/studyHeader";
import {
  checkManifest,
  type GraphKind,
  hashesOf,
  policyEntry,
  policyFiles,
  shippedPolicies,
} from "../../runtimes/local/manifest";
import { unlessAborted } from "../../runtimes/unlessAborted";
import {
  readStudy,
  type StoredStudy,
  type StudyRequest,
  saveStudy,
  saveStudyRow,
} from "../../storage/studyRuns";
import { checkWhoAnswers } from "../endpoint/whoAnswers";
import { engine, type Models } from "../engine/engine";
import { noteRate } from "../engine/rate";
import { attempt, newSeed, RULES, readNumber } from "../fields";
import { keptOrTold } from "../keptOrTold";
import { OWN, source } from "../match/promptSource";
import { manifest } from "../models/manifest";
import { readSampling } from "../sampling";
import { studies as settings } from "../settings";
import { ownTargets } from "./ownTargets";
import { refreshStudies } from "./savedStudies";
import { studyPolicies } from "./studyPolicies";

export type StudyState =
  | { readonly kind: "loading"; readonly what: string }
  | {
      readonly kind: "running";
      readonly condition: string;
      readonly since: number;
      readonly rowsBefore: number;
    }
  | { readonly kind: "stopped" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: unknown };

/** The run in this tab; `stored` is null until the models have said what they were loaded from. */
export interface OpenStudy {
  readonly request: StudyRequest;
  readonly stored: StoredStudy | null;
}

export const study = computed<Study | null>(
  () => STUDIES.find(({ name }) => name === settings.name.value) ?? null,
);

/** What the manifest offers; null until it has been read. */
export const policies = computed<ShippedPolicies | null>(() =>
  attempt(() => shippedPolicies(checkManifest(manifest.value))),
);

export const open = signal<OpenStudy | null>(null);
export const rows = signal<readonly Row[]>([]);
export const state = signal<StudyState>({ kind: "stopped" });
/** Why the last press of Run did nothing. */
export const refused = signal<unknown>(null);
/** Set when the browser does not keep rows; the run goes on without. */
export const unsaved = signal<unknown>(null);

let abort: AbortController | null = null;

/** @throws DialError for the first setting that cannot be used. */
export function readRequest(wanted: Study, offered: ShippedPolicies): StudyRequest {
  return {
    study: wanted.name,
    n: readNumber(settings.n.value, RULES.studyRows),
    seed: readNumber(settings.seed.value, RULES.seed),
    sampling: readSampling(settings),
    ownTargets: ownTargets.value?.targets ?? [],
    ...readPrompts(wanted),
    policies: offered,
  };
}

function readPrompts(wanted: Study): { source: string; prompts: readonly Dialogue[] } {
  if (!wanted.onePrompt) return { source: source.value.name, prompts: source.value.prompts };
  const typed = settings.prompt.value;
  if (typed === "") return { source: OWN.name, prompts: ownPrompts(wanted) };
  return { source: "one typed here", prompts: [checkPrompt(question(typed))] };
}

export async function start(): Promise<void> {
  const [wanted, offered] = [study.peek(), policies.peek()];
  if (!wanted || !offered || engine.busy.peek() !== null) return;
  try {
    const request = readRequest(wanted, offered);
    if (runnable(wanted, offered, request.ownTargets).length === 0) {
      throw new DialError("invalid-option", "none of its policies is shipped: there is nothing to run");
    }
    open.value = { request, stored: null };
  } catch (error) {
    refused.value = error;
    return;
  }
  refused.value = null;
  unsaved.value = null;
  rows.value = [];
  await goOn();
}

/** Makes the rows that the open run does not have yet. */
export async function goOn(): Promise<void> {
  const opened = open.peek();
  const wanted = STUDIES.find(({ name }) => name === opened?.request.study);
  if (!opened || !wanted || engine.busy.peek() !== null) return;
  engine.busy.value = "studies";
  abort = new AbortController();
  const { signal: stopSignal } = abort;
  state.value = { kind: "loading", what: "the models" };
  try {
    if (opened.stored) checkWhoAnswers(opened.stored.header);
    const models = await unlessAborted(engine.load(), stopSignal);
    const header = await headerOf(wanted, opened.request, models);
    if (opened.stored) checkSameRun(opened.stored.header, header);
    const stored = opened.stored ?? (await store(opened.request, header));
    open.value = { request: opened.request, stored };
    await run(wanted, stored, models, stopSignal);
    state.value = { kind: "done" };
  } catch (error) {
    const stopped = stopSignal.aborted || (error instanceof DialError && error.code === "aborted");
    state.value = stopped ? { kind: "stopped" } : { kind: "failed", error };
    if (!stopped) engine.closeIfDead(error);
  } finally {
    abort = null;
    engine.busy.value = null;
    void refreshStudies(opened.request.study);
  }
}

export function stop(): void {
  abort?.abort();
}

/** The header that the command line, too, would write for this run over these model files. */
async function headerOf(wanted: Study, request: StudyRequest, { policy, judge }: Models): Promise<RunHeader> {
  const known = checkManifest(manifest.peek());
  const kind: GraphKind = policy.device === "webgpu" ? "nbits" : "int8";
  let files = { ...judge.models, ...policy.models };
  for (const condition of runnable(wanted, request.policies, request.ownTargets)) {
    if (condition.policy === request.policies.main) continue;
    const { adapter } = policyEntry(known, condition.policy);
    files = { ...files, ...hashesOf(policyFiles(known, adapter, kind)) };
  }
  return studyHeader({ ...request, study: wanted }, files);
}

async function store(request: StudyRequest, header: RunHeader): Promise<StoredStudy> {
  const stored: StoredStudy = {
    ...request,
    id: `${Date.now().toString(36)}-${newSeed().toString(36)}`,
    createdAt: Date.now(),
    header,
  };
  await keptOrTold(saveStudy(stored), unsaved);
  settings.run.value = stored.id;
  return stored;
}

async function run(
  wanted: Study,
  stored: StoredStudy,
  models: Models,
  stopSignal: AbortSignal,
): Promise<void> {
  const others = studyPolicies(stored.policies.main, models.policy, stopSignal, (what) => {
    state.value = { kind: "loading", what };
  });
  const events = runStudy(
    { ...stored, study: wanted, done: rows.peek(), signal: stopSignal },
    { policy: others.open, judge: models.judge },
  );
  const guided = new Set(
    runnable(wanted, stored.policies, stored.ownTargets)
      .filter(({ guidance }) => guidance !== 1)
      .map(({ name }) => name),
  );
  let since = performance.now();
  let rowsBefore = rows.peek().length;
  let condition: string | null = null;
  let tokensBefore = 0;
  try {
    for await (const event of events) {
      if (event.kind === "row") {
        await keptOrTold(saveStudyRow(stored.id, event.row), unsaved);
        rows.value = [...rows.peek(), event.row];
        continue;
      }
      if (event.condition !== condition) {
        condition = event.condition;
        [since, rowsBefore, tokensBefore] = [performance.now(), rows.peek().length, event.tokens];
      }
      if (state.peek().kind !== "running" || event.tokens === tokensBefore) {
        state.value = { kind: "running", condition, since, rowsBefore };
      }
      if (!guided.has(condition)) {
        noteRate(models.policy.device, event.tokens - tokensBefore, (performance.now() - since) / 1000);
      }
    }
  } finally {
    others.close();
  }
}

/** Opens a run of the list, or the one that the address names. */
export async function openStudy(id: string): Promise<void> {
  const running = () => engine.busy.peek() === "studies";
  if (running()) return;
  const found = await readStudy(id);
  if (running()) return; // Started in the meantime; what runs stays on the screen.
  if (!found || found.run.study !== settings.name.peek()) {
    settings.run.value = "";
    return;
  }
  const wanted = STUDIES.find(({ name }) => name === found.run.study) as Study;
  const all = found.run.n * runnable(wanted, found.run.policies, found.run.ownTargets).length;
  open.value = { request: found.run, stored: found.run };
  rows.value = found.rows;
  state.value = found.rows.length < all ? { kind: "stopped" } : { kind: "done" };
  refused.value = null;
  unsaved.value = null;
  settings.run.value = id;
}

/** Takes the open run off the screen; the recorded one is shown. */
export function closeStudy(): void {
  if (engine.busy.peek() === "studies") return;
  open.value = null;
  rows.value = [];
  settings.run.value = "";
}
