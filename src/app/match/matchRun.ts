/** The match that is open: its rows, its progress, and starting, stopping and going on with it. */

import { computed, signal } from "@preact/signals";
import type { Row } from "../../domain/row";
import { checkSameRun, type RunHeader, withRows } from "../../domain/run";
import { checkTargetSampler, targetSampler } from "../../domain/targets";
import { match as runMatch } from "../../experiments/match";
import { matchHeader } from "../../experiments/matchHeader";
import { type MatchResult, summariseMatch } from "../../experiments/summariseMatch";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { MATCHES, type MatchRequest, matchRuns, promptsKey, type StoredRun } from "../../storage/runs";
import { checkWhoAnswers } from "../endpoint/whoAnswers";
import { engine, type RunModels } from "../engine/engine";
import { noteRate } from "../engine/rate";
import { RULES, readNumber } from "../fields";
import { keptOrTold } from "../keptOrTold";
import { exclusiveRun, type RunEnd } from "../runs/exclusiveRun";
import { newRun } from "../runs/newRun";
import { rowFeed } from "../runs/rowFeed";
import { readSampling } from "../sampling";
import { match as settings } from "../settings";
import { source } from "./promptSource";
import { saved } from "./savedRuns";

export type MatchState =
  | { readonly kind: "loading" }
  | { readonly kind: "running"; readonly since: number; readonly rowsBefore: number }
  | RunEnd;

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

const models = exclusiveRun("match");
const feed = rowFeed(rows);

/** @throws DialError for the first setting that cannot be used. */
export async function readRequest(): Promise<MatchRequest> {
  const wanted = {
    n: readNumber(settings.n.value, RULES.n),
    targets: checkTargetSampler(settings.targets.value),
    seed: readNumber(settings.seed.value, RULES.seed),
    bestOf: readNumber(settings.bestOf.value, RULES.bestOf),
    sampling: readSampling(settings),
    source: source.value.name,
  };
  return { ...wanted, prompts: await source.value.pick(wanted.seed) };
}

export async function start(): Promise<void> {
  let request: MatchRequest;
  try {
    request = await readRequest();
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
      void saved.refresh(MATCHES);
    },
  );
}

/** Gives the open run more rows; those that it has stay. */
export async function extend(n: number): Promise<void> {
  const opened = open.peek();
  if (!opened?.stored || engine.busy.peek() !== null) return;
  const request = { ...opened.request, n };
  const stored = { ...opened.stored, n, header: withRows(opened.stored.header, n) };
  open.value = { request, stored };
  await keptOrTold(matchRuns.save(stored, request.prompts.prompts), unsaved);
  await goOn();
}

export const stop = models.stop;

async function make(opened: OpenMatch, signal: AbortSignal): Promise<void> {
  const { request } = opened;
  state.value = { kind: "loading" };
  tokens.value = 0;
  if (opened.stored) checkWhoAnswers(opened.stored.header);
  const loaded = await unlessAborted(engine.loadForRun(), signal);
  const header = headerOf(request, loaded);
  if (opened.stored) checkSameRun(opened.stored.header, header);
  const stored = opened.stored ?? (await store(request, loaded, header));
  open.value = { request, stored };
  state.value = { kind: "running", since: performance.now(), rowsBefore: rows.peek().length };
  try {
    await run(request, stored.id, loaded, signal);
  } finally {
    feed.flush();
  }
}

/** The header that the command line, too, would write for this run over these model files. */
function headerOf(request: MatchRequest, { policy, judge, heldout }: RunModels): RunHeader {
  const files = { ...policy.models, ...judge.models, ...heldout?.models };
  return matchHeader({ ...request, shuffled: false }, request.prompts.sha256, files);
}

async function store(
  { prompts, ...request }: MatchRequest,
  { policy, judge }: RunModels,
  header: RunHeader,
): Promise<StoredRun> {
  const run: StoredRun = {
    ...request,
    ...newRun(),
    content: promptsKey(prompts, request.seed),
    policy: policy.name,
    judge: judge.name,
    header,
  };
  await keptOrTold(matchRuns.save(run, prompts.prompts), unsaved);
  settings.run.value = run.id;
  return run;
}

async function run(
  request: MatchRequest,
  id: string,
  { policy, judge, heldout }: RunModels,
  signal: AbortSignal,
): Promise<void> {
  const options = {
    ...request,
    prompts: request.prompts.prompts,
    sampler: targetSampler(request.targets, judge.reference),
    done: rows.peek(),
    signal,
  };
  const since = performance.now();
  for await (const event of runMatch(options, policy, judge, heldout ?? undefined)) {
    if (event.kind === "progress") {
      tokens.value = event.tokens;
      if (request.sampling.guidance === 1) {
        noteRate(policy.device, event.tokens, (performance.now() - since) / 1000);
      }
    } else {
      await keptOrTold(matchRuns.saveRows(id, [event.row]), unsaved);
      feed.add([event.row]);
    }
  }
}

/** Opens a run of the list, or the one that the address names. */
export async function openRun(id: string): Promise<void> {
  const found = await models.unlessRunning(() => matchRuns.read(id));
  if (found === undefined) return;
  if (!found) {
    settings.run.value = "";
    return;
  }
  const { run: stored, content } = found;
  const prompts = { sha256: String(stored.header.options.prompts), prompts: content };
  refused.value = null;
  show({ request: { ...stored, prompts }, stored }, found.rows);
}

/** Takes the open run off the screen. */
export function closeRun(): void {
  show(null, []);
}

function show(opened: OpenMatch | null, found: readonly Row[]): void {
  open.value = opened;
  rows.value = found;
  state.value = { kind: opened && found.length >= opened.request.n ? "done" : "stopped" };
  unsaved.value = null;
  settings.run.value = opened?.stored?.id ?? "";
}
