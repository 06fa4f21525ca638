/** One press of Run: completions that stream in, and their scores. */

import { batch, type Signal, signal } from "@preact/signals";
import { parseReward } from "../../domain/checkTarget";
import { checkPrompt, type Dialogue } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { candidateSeed } from "../../domain/random";
import type { RewardVector } from "../../domain/reward";
import type { Row } from "../../domain/row";
import type { PlannedRow } from "../../experiments/planRow";
import { scoreRow } from "../../experiments/scoreRow";
import type { Completion, SamplingParameters } from "../../runtimes/policy";
import { engine, type Models } from "../engine/engine";
import { unlessAborted } from "../engine/unlessAborted";
import { RULES, readNumber } from "../fields";
import { readSampling } from "../sampling";
import { play } from "../settings";
import { dialogue } from "./turns";

/** What a run was asked for, as it was when Run was pressed. */
export interface PlayRequest {
  readonly dialogue: Dialogue;
  readonly target: RewardVector;
  readonly count: number;
  readonly seed: number;
  readonly bestOf: number;
  readonly sampling: SamplingParameters;
}

export type SlotState =
  | { readonly kind: "waiting" }
  | { readonly kind: "writing"; readonly finished: number }
  | { readonly kind: "scoring" }
  | { readonly kind: "done"; readonly row: Row; readonly finish: Completion["finish"] };

/** One completion of the run. */
export interface Slot {
  readonly index: number;
  /** Text so far; with best-of, the first candidate's until the nearest is known. */
  readonly text: Signal<string>;
  readonly state: Signal<SlotState>;
}

export type RunState =
  | { readonly kind: "loading" }
  | { readonly kind: "running" }
  | { readonly kind: "stopped" }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: unknown };

export interface PlayRun {
  readonly request: PlayRequest;
  readonly slots: readonly Slot[];
  readonly state: Signal<RunState>;
}

export const current = signal<PlayRun | null>(null);
/** Why the last press of Run did nothing. */
export const refused = signal<unknown>(null);

let abort: AbortController | null = null;

/** @throws DialError for the first setting that cannot be used. */
export function readRequest(): PlayRequest {
  return {
    dialogue: checkPrompt(dialogue.value),
    target: { helpful: parseReward(play.helpful.value), harmless: parseReward(play.harmless.value) },
    count: readNumber(play.count.value, RULES.count),
    seed: readNumber(play.seed.value, RULES.seed),
    bestOf: readNumber(play.bestOf.value, RULES.bestOf),
    sampling: readSampling(play),
  };
}

export async function start(): Promise<void> {
  if (engine.busy.peek() !== null) return;
  let request: PlayRequest;
  try {
    request = readRequest();
  } catch (error) {
    refused.value = error;
    return;
  }
  refused.value = null;
  const slots = Array.from({ length: request.count }, (_, index) => ({
    index,
    text: signal(""),
    state: signal<SlotState>({ kind: "waiting" }),
  }));
  current.value = { request, slots, state: signal<RunState>({ kind: "loading" }) };
  await goOn();
}

/** Makes the completions that the current run does not have yet. */
export async function goOn(): Promise<void> {
  const run = current.peek();
  if (!run || engine.busy.peek() !== null) return;
  engine.busy.value = "play";
  abort = new AbortController();
  const { signal } = abort;
  run.state.value = { kind: "loading" };
  try {
    const models = await unlessAborted(engine.load(), signal);
    run.state.value = { kind: "running" };
    await sample(run, models, signal);
    run.state.value = { kind: "done" };
  } catch (error) {
    const stopped = signal.aborted || (error instanceof DialError && error.code === "aborted");
    run.state.value = stopped ? { kind: "stopped" } : { kind: "failed", error };
    if (!stopped) engine.closeIfDead(error);
  } finally {
    abort = null;
    engine.busy.value = null;
  }
}

/** Stops within a token. Before the models are there, gives up waiting for them; they go on loading. */
export function stop(): void {
  abort?.abort();
}

async function sample(run: PlayRun, { policy, judge }: Models, signal: AbortSignal): Promise<void> {
  const { request } = run;
  const missing = run.slots.filter(({ state }) => state.peek().kind !== "done");
  const plans = missing.map((slot) => plan(request, slot.index));
  const candidates = plans.map((): Completion[] => []);
  const scoring: Promise<void>[] = [];
  const place = (index: number) => {
    const position = Math.floor(index / request.bestOf);
    return { position, candidate: index % request.bestOf, slot: missing[position] as Slot };
  };
  batch(() => {
    for (const slot of missing) {
      slot.text.value = "";
      slot.state.value = { kind: "waiting" };
    }
  });
  const onToken = (index: number, textSoFar: string): void => {
    const { slot, candidate } = place(index);
    if (candidate === 0) slot.text.value = textSoFar;
    if (slot.state.peek().kind === "waiting") slot.state.value = { kind: "writing", finished: 0 };
  };
  const requests = plans.flatMap((planned) => planned.requests);
  for await (const { index, completion } of policy.sample(requests, { signal, onToken })) {
    const { slot, position, candidate } = place(index);
    const found = candidates[position] as Completion[];
    found[candidate] = completion;
    const finished = Object.keys(found).length;
    if (finished < request.bestOf) slot.state.value = { kind: "writing", finished };
    else {
      const scored = score(slot, plans[position] as PlannedRow, found, judge, signal);
      scored.catch(() => {}); // Thrown below, when all are sampled; until then it is not unhandled.
      scoring.push(scored);
    }
  }
  await Promise.all(scoring);
}

async function score(
  slot: Slot,
  planned: PlannedRow,
  candidates: readonly Completion[],
  judge: Models["judge"],
  signal: AbortSignal,
): Promise<void> {
  slot.state.value = { kind: "scoring" };
  const row = await scoreRow({ plan: planned, candidates }, judge, undefined, signal);
  const kept = candidates.find(({ text }) => text === row.completion);
  slot.text.value = row.completion;
  slot.state.value = { kind: "done", row, finish: kept?.finish ?? "stop" };
}

function plan(request: PlayRequest, row: number): PlannedRow {
  const { dialogue, target, seed, sampling, bestOf } = request;
  const requests = Array.from({ length: bestOf }, (_, candidate) => ({
    dialogue,
    target,
    seed: candidateSeed(seed, candidate),
    row,
    sampling,
  }));
  return { row, dialogue, target, requests };
}
