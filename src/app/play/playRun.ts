/** One press of Run: completions that stream in, and their scores. */

import { type Signal, signal } from "@preact/signals";
import { parseReward } from "../../domain/checkTarget";
import { checkPrompt } from "../../domain/dialogue";
import { DialError, hasCode } from "../../domain/errors";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { engine, type RunPolicy } from "../engine/engine";
import { RULES, readNumber } from "../fields";
import { readSampling } from "../sampling";
import { play } from "../settings";
import { fillSlots, newSlots, type PlayRequest, type Slot } from "./slots";
import { dialogue } from "./turns";

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
  /** What writes its completions; null before that is known. */
  readonly by: Signal<string | null>;
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
  current.value = {
    request,
    slots: newSlots(request.count),
    state: signal<RunState>({ kind: "loading" }),
    by: signal<string | null>(null),
  };
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
    const policy = await unlessAborted(loadPolicy(), signal);
    checkSamePolicy(run, policy);
    run.state.value = { kind: "running" };
    await fillSlots(run.slots, run.request, { policy, loadJudge: engine.loadJudge }, signal);
    run.state.value = { kind: "done" };
  } catch (error) {
    const stopped = signal.aborted || hasCode(error, "aborted");
    run.state.value = stopped ? { kind: "stopped" } : { kind: "failed", error };
    if (!stopped) engine.closeIfDead(error);
  } finally {
    abort = null;
    engine.busy.value = null;
  }
}

/** @throws DialError "invalid-option" where another policy wrote what is there: the figures would be of two. */
function checkSamePolicy({ by, slots }: PlayRun, { name, models }: RunPolicy): void {
  const now = JSON.stringify([name, models]);
  if (!slots.some(({ state }) => state.peek().kind === "done")) by.value = now;
  if (by.value === now) return;
  throw new DialError(
    "invalid-option",
    "another policy wrote the completions that are here: choose it again and go on, or press Run for new ones",
  );
}

/** An endpoint's answers cost money, so it is asked when they can be scored; the local policy need not wait for that. */
async function loadPolicy(): Promise<RunPolicy> {
  return engine.remote.peek() === null ? engine.loadPolicy() : (await engine.load()).policy;
}

/** Stops within a token. Before the models are there, gives up waiting for them; they go on loading. */
export function stop(): void {
  abort?.abort();
}
