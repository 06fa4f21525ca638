/** The study that is open, its run in this tab, and starting, stopping and going on with it. */

import { computed, signal } from "@preact/signals";
import { ownPrompts } from "../../data/ownPrompts";
import { checkPrompt, question } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import type { Row } from "../../domain/row";
import { checkSameRun, type RunHeader, withRows } from "../../domain/run";
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
import { promptsKey } from "../../storage/runs";
import { type StoredStudy, type StudyRequest, studyList, studyRuns } from "../../storage/studyRuns";
import { checkWhoAnswers } from "../endpoint/whoAnswers";
import { engine, type RunModels } from "../engine/engine";
import { noteRate } from "../engine/rate";
import { attempt, RULES, readNumber } from "../fields";
import { keptOrTold } from "../keptOrTold";
import { listSource, OWN, type PromptSource, source } from "../match/promptSource";
import { manifest } from "../models/manifest";
import { exclusiveRun, type RunEnd } from "../runs/exclusiveRun";
import { newRun } from "../runs/newRun";
import { rowFeed } from "../runs/rowFeed";
import { readSampling } from "../sampling";
import { studies as settings } from "../settings";
import { ownTargets } from "./ownTargets";
import { saved } from "./savedStudies";
import { studyPolicies } from "./studyPolicies";

export type StudyState =
  | { readonly kind: "loading"; readonly what: string }
  | {
      readonly kind: "running";
      readonly condition: string;
      readonly since: number;
      readonly rowsBefore: number;
    }
  | RunEnd;

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

/** As `policies`, less what whoever answers now cannot do: what a run that starts now chooses from. */
export const answering = computed<ShippedPolicies | null>(() => {
  const shipped = policies.value;
  return shipped && engine.remote.value ? { ...shipped, unguided: true } : shipped;
});

export const open = signal<OpenStudy | null>(null);
export const rows = signal<readonly Row[]>([]);
export const state = signal<StudyState>({ kind: "stopped" });
/** Why the last press of Run did nothing. */
export const refused = signal<unknown>(null);
/** Set when the browser does not keep rows; the run goes on without. */
export const unsaved = signal<unknown>(null);

const models = exclusiveRun("studies");
const feed = rowFeed(rows);

/** @throws DialError for the first setting that cannot be used. */
export async function readRequest(wanted: Study, offered: ShippedPolicies): Promise<StudyRequest> {
  const seed = readNumber(settings.seed.value, RULES.seed);
  const prompts = promptsFor(wanted);
  const request = {
    study: wanted.name,
    n: readNumber(settings.n.value, RULES.studyRows),
    seed,
    sampling: readSampling(settings),
    ownTargets: ownTargets.value?.targets ?? [],
    source: prompts.name,
    policies: offered,
  };
  if (runnable(wanted, offered, request.ownTargets).length === 0) {
    throw new DialError("invalid-option", "none of its policies is shipped: there is nothing to run");
  }
  return { ...request, prompts: await prompts.pick(seed) };
}

function promptsFor(wanted: Study): PromptSource {
  if (!wanted.onePrompt) return source.value;
  const typed = settings.prompt.value;
  if (typed === "") return listSource(OWN.name, ownPrompts(wanted));
  return listSource("one typed here", [checkPrompt(question(typed))]);
}

export async function start(): Promise<void> {
  const [wanted, offered] = [study.peek(), answering.peek()];
  if (!wanted || !offered) return;
  let request: StudyRequest;
  try {
    request = await readRequest(wanted, offered);
  } catch (error) {
    refused.value = error;
    return;
  }
  if (engine.busy.peek() !== null) return;
  refused.value = null;
  show({ request, stored: null }, []);
  await goOn();
}

/** Makes the rows that the open run does not have yet. */
export async function goOn(): Promise<void> {
  const opened = open.peek();
  if (!opened) return;
  await models.run(
    (signal) => make(opened, signal),
    (end) => {
      state.value = end;
      void saved.refresh(studyList(opened.request.study));
    },
  );
}

/** Gives each condition of the open run more rows; those that it has stay. */
export async function extend(n: number): Promise<void> {
  const opened = open.peek();
  if (!opened?.stored || engine.busy.peek() !== null) return;
  const request = { ...opened.request, n };
  const stored = { ...opened.stored, n, header: withRows(opened.stored.header, n) };
  open.value = { request, stored };
  await keptOrTold(studyRuns.save(stored, request.prompts.prompts), unsaved);
  await goOn();
}

export const stop = models.stop;

async function make({ request, stored: begun }: OpenStudy, signal: AbortSignal): Promise<void> {
  const wanted = studyOf(request);
  state.value = { kind: "loading", what: "the models" };
  if (begun) checkWhoAnswers(begun.header);
  const loaded = await unlessAborted(engine.loadForRun(), signal);
  const header = headerOf(wanted, request, loaded);
  if (begun) checkSameRun(begun.header, header);
  const stored = begun ?? (await store(request, header));
  open.value = { request, stored };
  try {
    await run(wanted, request, stored.id, loaded, signal);
  } finally {
    feed.flush();
  }
}

const studyOf = (request: Pick<StudyRequest, "study">): Study =>
  STUDIES.find(({ name }) => name === request.study) as Study;

/** The header that the command line, too, would write for this run over these model files. */
function headerOf(wanted: Study, request: StudyRequest, { policy, judge, heldout }: RunModels): RunHeader {
  const known = checkManifest(manifest.peek());
  const kind: GraphKind = policy.device === "webgpu" ? "nbits" : "int8";
  let files = { ...judge.models, ...heldout?.models, ...policy.models };
  for (const condition of runnable(wanted, request.policies, request.ownTargets)) {
    if (condition.policy === request.policies.main) continue;
    const { adapter } = policyEntry(known, condition.policy);
    files = { ...files, ...hashesOf(policyFiles(known, adapter, kind)) };
  }
  return studyHeader({ ...request, study: wanted }, request.prompts.sha256, files);
}

async function store({ prompts, ...request }: StudyRequest, header: RunHeader): Promise<StoredStudy> {
  const stored: StoredStudy = {
    ...request,
    ...newRun(),
    content: promptsKey(prompts, request.seed),
    header,
  };
  await keptOrTold(studyRuns.save(stored, prompts.prompts), unsaved);
  settings.run.value = stored.id;
  return stored;
}

async function run(
  wanted: Study,
  request: StudyRequest,
  id: string,
  { policy, judge, heldout }: RunModels,
  signal: AbortSignal,
): Promise<void> {
  const others = studyPolicies(request.policies.main, policy, signal, (what) => {
    state.value = { kind: "loading", what };
  });
  const events = runStudy(
    { ...request, study: wanted, prompts: request.prompts.prompts, done: rows.peek(), signal },
    { policy: others.open, judge, heldout: heldout ?? undefined },
  );
  const guided = new Set(
    runnable(wanted, request.policies, request.ownTargets)
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
        await keptOrTold(studyRuns.saveRows(id, [event.row]), unsaved);
        feed.add([event.row]);
        continue;
      }
      if (event.condition !== condition) {
        condition = event.condition;
        feed.flush();
        [since, rowsBefore, tokensBefore] = [performance.now(), rows.peek().length, event.tokens];
      }
      if (state.peek().kind !== "running" || event.tokens === tokensBefore) {
        state.value = { kind: "running", condition, since, rowsBefore };
      }
      if (!guided.has(condition)) {
        noteRate(policy.device, event.tokens - tokensBefore, (performance.now() - since) / 1000);
      }
    }
  } finally {
    others.close();
  }
}

/** Opens a run of the list, or the one that the address names. */
export async function openStudy(id: string): Promise<void> {
  const found = await models.unlessRunning(() => studyRuns.read(id));
  if (found === undefined) return;
  if (!found || found.run.study !== settings.name.peek()) {
    settings.run.value = "";
    return;
  }
  const { run: stored, content } = found;
  const prompts = { sha256: String(stored.header.options.prompts), prompts: content };
  refused.value = null;
  show({ request: { ...stored, prompts }, stored }, found.rows);
}

/** Takes the open run off the screen; the recorded one is shown. */
export function closeStudy(): void {
  if (engine.busy.peek() === "studies") return;
  show(null, []);
}

/** Rows that a run of the study has when it is done. */
export function allRows(request: Pick<StudyRequest, "study" | "n" | "policies" | "ownTargets">): number {
  return request.n * runnable(studyOf(request), request.policies, request.ownTargets).length;
}

function show(opened: OpenStudy | null, found: readonly Row[]): void {
  open.value = opened;
  rows.value = found;
  state.value = { kind: opened && found.length >= allRows(opened.request) ? "done" : "stopped" };
  unsaved.value = null;
  settings.run.value = opened?.stored?.id ?? "";
}
