/** The match that is open: its rows, its progress, and starting, stopping and going on with it. */

import { computed, signal } from "@preact/signals";
import { DialError } from "../../domain/errors";
import type { Row } from "../../domain/row";
import { checkSameRun, type RunHeader } from "../../domain/run";
import { checkTargetSampler, targetSampler } from "../../domain/targets";
import { match as runMatch } from "../../experiments/match";
import { matchHeader } from "../../experiments/matchHeader";
import { type MatchResult, summariseMatch } from "../../experiments/summariseMatch";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { type MatchRequest, readRun, type StoredRun, saveRow, saveRun } from "../../storage/runs";
import { checkWhoAnswers } from "../endpoint/whoAnswers";
import { engine, type Models } from "../engine/engine";
import { noteRate } from "../engine/rate";
import { newSeed, RULES, readNumber } from "../fields";
import { keptOrTold } from "../keptOrTold";
import { readSampling } from "../sampling";
import { match as settings } from "../settings";
import { source } from "./promptSource";
import { refreshRuns } from "./savedRuns";

export type MatchState =
  | { readonly kind: "loading" }
  | { readonly kind: "running"; readonly since: number; readonly rowsBefore: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: unknown };

/** The run on the screen; `stored` is null until the models have said what they were loaded from. */
export interface OpenMatch {
  readonly request: MatchRequest;
  readonly stored: StoredRun | null;
}

export const open = signal<OpenMatch | null>(null);
export const rows = signal<readonly Row[]>([]);
/** Tokens sampled since Start or Go on. */
export const tokens = signal(0);
export const state = signal<MatchState>({ kind: "stopped" });
/** Why the last press of Start did nothing. */
export const refused = signal<unknown>(null);
/** Set when the browser does not keep rows; the run goes on without. */
export const unsaved = signal<unknown>(null);

export const result = computed<MatchResult | null>(() => {
  const { request } = open.value ?? {};
  return request && rows.value.length > 0 ? summariseMatch(rows.value, request.seed) : null;
});

let abort: AbortController | null = null;

/** @throws DialError for the first setting that cannot be used. */
export function readRequest(): MatchRequest {
  const { name, prompts } = source.value;
  return {
    n: readNumber(settings.n.value, RULES.n),
    targets: checkTargetSampler(settings.targets.value),
    seed: readNumber(settings.seed.value, RULES.seed),
    bestOf: readNumber(settings.bestOf.value, RULES.bestOf),
    sampling: readSampling(settings),
    source: name,
    prompts,
  };
}

export async function start(): Promise<void> {
  if (engine.busy.peek() !== null) return;
  try {
    open.value = { request: readRequest(), stored: null };
  } catch (error) {
    refused.value = error;
    return;
  }
  refused.value = null;
  unsaved.value = null;
  rows.value = [];
  settings.run.value = "";
  await goOn();
}

/** Makes the rows that the open run does not have yet. */
export async function goOn(): Promise<void> {
  const opened = open.peek();
  if (!opened || engine.busy.peek() !== null) return;
  engine.busy.value = "match";
  abort = new AbortController();
  const { signal: stopSignal } = abort;
  state.value = { kind: "loading" };
  tokens.value = 0;
  try {
    if (opened.stored) checkWhoAnswers(opened.stored.header);
    const models = await unlessAborted(engine.load(), stopSignal);
    const header = await headerOf(opened.request, models);
    if (opened.stored) checkSameRun(opened.stored.header, header);
    const stored = opened.stored ?? (await store(opened.request, models, header));
    open.value = { request: opened.request, stored };
    state.value = { kind: "running", since: performance.now(), rowsBefore: rows.peek().length };
    await run(opened.request, stored.id, models, stopSignal);
    state.value = { kind: "done" };
  } catch (error) {
    const stopped = stopSignal.aborted || (error instanceof DialError && error.code === "aborted");
    state.value = stopped ? { kind: "stopped" } : { kind: "failed", error };
    if (!stopped) engine.closeIfDead(error);
  } finally {
    abort = null;
    engine.busy.value = null;
    void refreshRuns();
  }
}

export function stop(): void {
  abort?.abort();
}

/** The header that the command line, too, would write for this run over these model files. */
function headerOf(request: MatchRequest, { policy, judge }: Models): Promise<RunHeader> {
  const settings = { ...request, shuffled: false };
  return matchHeader(settings, request.prompts, { ...policy.models, ...judge.models });
}

async function store(
  request: MatchRequest,
  { policy, judge }: Models,
  header: RunHeader,
): Promise<StoredRun> {
  const run: StoredRun = {
    ...request,
    id: `${Date.now().toString(36)}-${newSeed().toString(36)}`,
    createdAt: Date.now(),
    policy: policy.name,
    judge: judge.name,
    header,
  };
  await keptOrTold(saveRun(run), unsaved);
  settings.run.value = run.id;
  return run;
}

async function run(
  request: MatchRequest,
  id: string,
  models: Models,
  stopSignal: AbortSignal,
): Promise<void> {
  const { policy, judge } = models;
  const options = {
    ...request,
    sampler: targetSampler(request.targets, judge.reference),
    done: rows.peek(),
    signal: stopSignal,
  };
  const since = performance.now();
  for await (const event of runMatch(options, policy, judge)) {
    if (event.kind === "progress") {
      tokens.value = event.tokens;
      if (request.sampling.guidance === 1) {
        noteRate(policy.device, event.tokens, (performance.now() - since) / 1000);
      }
    } else {
      await keptOrTold(saveRow(id, event.row), unsaved);
      rows.value = [...rows.peek(), event.row];
    }
  }
}

/** Opens a run of the list, or the one that the address names. */
export async function openRun(id: string): Promise<void> {
  const running = () => engine.busy.peek() === "match";
  if (running()) return;
  const found = await readRun(id);
  if (running()) return; // Started in the meantime; what runs stays on the screen.
  if (!found) {
    settings.run.value = "";
    return;
  }
  const { run: stored } = found;
  open.value = { request: stored, stored };
  rows.value = found.rows;
  state.value = found.rows.length < stored.n ? { kind: "stopped" } : { kind: "done" };
  refused.value = null;
  unsaved.value = null;
  settings.run.value = id;
}

/** Takes the open run off the screen. */
export function closeRun(): void {
  open.value = null;
  rows.value = [];
  settings.run.value = "";
}
