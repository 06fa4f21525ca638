/** The two models of this tab: what they will cost, their loading, and what is there once they run. */

import { computed, signal } from "@preact/signals";
import { DialError } from "../../domain/errors";
import type { DownloadPlan, LoadProgress, LocalJudge, LocalPolicy } from "../../runtimes/local/browser";
import { deviceChoice } from "./device";
import { sumProgress } from "./sumProgress";

export interface Models {
  readonly policy: LocalPolicy;
  readonly judge: LocalJudge;
}

export type EngineState =
  | { readonly kind: "closed" }
  | { readonly kind: "loading"; readonly progress: LoadProgress | null }
  | { readonly kind: "ready"; readonly models: Models }
  | { readonly kind: "failed"; readonly error: unknown };

export type PlanState =
  | { readonly kind: "unknown" }
  | { readonly kind: "known"; readonly plan: DownloadPlan }
  | { readonly kind: "failed"; readonly error: unknown };

const state = signal<EngineState>({ kind: "closed" });
const plan = signal<PlanState>({ kind: "unknown" });
/** Which view samples now. The models do one thing at a time. */
const busy = signal<"play" | "match" | null>(null);

let opening: { readonly models: Promise<Models>; readonly abort: AbortController } | null = null;

const runtime = () => import("../../runtimes/local/browser");

/** Reads again what there is to download and what is cached. */
async function refreshPlan(): Promise<void> {
  try {
    const { downloadPlan } = await runtime();
    plan.value = { kind: "known", plan: await downloadPlan({ device: deviceChoice() }) };
  } catch (error) {
    plan.value = { kind: "failed", error };
  }
}

/** The models, loaded now if they are not there yet. Whoever calls while they load waits for the same load. */
function load(): Promise<Models> {
  if (state.peek().kind === "failed") opening = null;
  opening ??= open();
  return opening.models;
}

function open(): NonNullable<typeof opening> {
  const abort = new AbortController();
  state.value = { kind: "loading", progress: null };
  const models = openBoth(abort);
  models.then(
    (opened) => {
      state.value = { kind: "ready", models: opened };
      void refreshPlan();
    },
    (error: unknown) => {
      opening = null;
      const cancelled = error instanceof DialError && error.code === "aborted";
      state.value = cancelled ? { kind: "closed" } : { kind: "failed", error };
      void refreshPlan();
    },
  );
  return { models, abort };
}

/** Both at once; where one fails, the other is ended. */
async function openBoth(abort: AbortController): Promise<Models> {
  const device = deviceChoice();
  const { openPolicy, openJudge } = await runtime();
  const report = sumProgress((progress) => {
    if (state.peek().kind === "loading") state.value = { kind: "loading", progress };
  });
  const options = () => ({ device, onProgress: report(), signal: abort.signal });
  const opening = [openPolicy(options()), openJudge(options())] as const;
  try {
    const [policy, judge] = await Promise.all(opening);
    return { policy, judge };
  } catch (error) {
    abort.abort();
    for (const model of opening) model.then((opened) => opened.close()).catch(() => {}); // `error` says it all.
    throw error;
  }
}

/** Stops a load, or ends both workers. The next `load` starts new ones. */
function close(): void {
  const { kind } = state.peek();
  if (kind === "loading") opening?.abort.abort();
  if (kind === "ready") {
    const { models } = state.peek() as Extract<EngineState, { kind: "ready" }>;
    models.policy.close();
    models.judge.close();
    opening = null;
    state.value = { kind: "closed" };
  }
}

/** After a worker died: ends what is left of both, so that the next `load` starts anew. */
function closeIfDead(error: unknown): void {
  if (error instanceof DialError && error.code === "worker-died") close();
}

/** Ends the models and removes their files from this device. */
async function clearCache(): Promise<void> {
  const { clearModels } = await runtime();
  close();
  try {
    await clearModels();
  } finally {
    await refreshPlan();
  }
}

/** Whether the load panel shows this failure already. */
function shows(error: unknown): boolean {
  return state.value.kind === "failed" && state.value.error === error;
}

export const engine = {
  state,
  plan,
  busy,
  ready: computed(() => state.value.kind === "ready"),
  load,
  close,
  closeIfDead,
  shows,
  refreshPlan,
  clearCache,
};
