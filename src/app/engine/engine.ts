/** The models that this tab works with: what they will cost, their loading, and what is there once they run. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { hasCode } from "../../domain/errors";
import type { Device, DownloadPlan, LoadProgress, LocalJudge } from "../../runtimes/local/browser";
import { BASE_POLICY, checkManifest, heldoutJudge } from "../../runtimes/local/manifest";
import type { Policy } from "../../runtimes/policy";
import { manifest, needManifest } from "../models/manifest";
import { policy as settings } from "../settings";
import { chosenAdapter } from "./chosenAdapter";
import { deviceChoice } from "./device";
import { modelSlot, type SlotState } from "./modelSlot";
import { sumProgress } from "./sumProgress";

/** The policy of this tab: the local one, or an endpoint that the user has set up. */
export interface RunPolicy extends Policy {
  readonly device: Device | "remote";
  /** A sentence that says why it runs there. */
  readonly deviceReason: string;
  /** What its completions depend on, see domain/run. */
  readonly models: Readonly<Record<string, string>>;
}

export interface Models {
  readonly policy: RunPolicy;
  readonly judge: LocalJudge;
}

/** What a run of Match or a study takes. */
export interface RunModels extends Models {
  /** The second judge, which scores the same completions; null where none ships. */
  readonly heldout: LocalJudge | null;
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

const plan = signal<PlanState>({ kind: "unknown" });
/** What models are at work for: a view's run, or to measure how fast they are. */
export type Busy = "play" | "match" | "studies" | "measure";
/** What they do now: one thing at a time. */
const busy = signal<Busy | null>(null);
/** The policy that takes the local one's place; null while runs use the local one. */
const remote = signal<RunPolicy | null>(null);

const runtime = () => import("../../runtimes/local/browser");

let plansAsked = 0;
/** Which of those asked for `plan` is. */
let planShown = 0;

/** Reads again what there is to download and what is cached. */
async function refreshPlan(): Promise<void> {
  const mine = ++plansAsked;
  const found = await readPlan();
  if (mine < planShown) return; // One that was asked for later knows more.
  planShown = mine;
  plan.value = found;
}

async function readPlan(): Promise<PlanState> {
  try {
    const { downloadPlan } = await runtime();
    const { own, ...shipped } = await chosenAdapter();
    // The user's own adapter is here already.
    const adapter = own ? { adapter: BASE_POLICY } : shipped;
    return { kind: "known", plan: await downloadPlan({ device: deviceChoice(), ...adapter }) };
  } catch (error) {
    return { kind: "failed", error };
  }
}

const settled = () => void refreshPlan();

const policySlot = modelSlot(
  async (options) =>
    (await runtime()).openPolicy({ ...options, device: deviceChoice(), ...(await chosenAdapter()) }),
  settled,
);
/** The adapter that the policy of `policySlot` has, or will have once it loads. */
let adapter = settings.adapter.peek();

/** Another adapter is another policy. */
function takeAsked(): void {
  if (adapter === settings.adapter.peek()) return;
  adapter = settings.adapter.peek();
  policySlot.close();
  if (plan.peek().kind !== "unknown") void refreshPlan();
}

effect(() => {
  void settings.adapter.value;
  // The address may name another one while a run goes on, which ends with the policy that it began with.
  if (busy.value === null) untracked(takeAsked);
});
const judgeSlot = modelSlot(async (options) => (await runtime()).openJudge(options), settled);

const heldoutSlot = modelSlot(
  async (options) => (await runtime()).openJudge({ ...options, judge: (await heldoutName()) ?? undefined }),
  settled,
);

/** Name of the judge that scores beside the default one; null where none ships. */
async function heldoutName(): Promise<string | null> {
  await needManifest();
  return heldoutJudge(checkManifest(manifest.peek()));
}

/** The second judge; null where none ships. */
async function loadHeldout(): Promise<LocalJudge | null> {
  return (await heldoutName()) === null ? null : heldoutSlot.load();
}

/** Of the models that runs need now: the first failure, else whether any loads, else whether all are there. */
const state = computed<EngineState>(() => {
  const policy = remote.value === null ? policySlot.state.value : readyWith(remote.value);
  const judge = judgeSlot.state.value;
  if (policy.kind === "failed") return policy;
  if (judge.kind === "failed") return judge;
  if (policy.kind === "loading" || judge.kind === "loading") {
    return { kind: "loading", progress: sumProgress([policy, judge]) };
  }
  if (policy.kind !== "ready") return { kind: "closed" };
  if (judge.kind !== "ready") {
    // A run of Play loads the judge once the policy writes.
    return busy.value === "play" ? { kind: "loading", progress: policy.progress } : { kind: "closed" };
  }
  return { kind: "ready", models: { policy: policy.model, judge: judge.model } };
});

const readyWith = (model: RunPolicy): SlotState<RunPolicy> => ({ kind: "ready", model, progress: null });

/** Until the user stops a load, the models are ended, or a load that began by itself has failed. */
let mayPreload = true;

/** The local policy begins to load from what this device has, where runs need it and none is under way. */
function preloadPolicy(): void {
  if (!mayPreload || remote.peek() !== null || busy.peek() !== null) return;
  policySlot.preload().catch((error: unknown) => {
    // Another adapter stops it too: that one may load by itself. What the user stops goes through `cancelLoad`.
    if (!hasCode(error, "aborted")) mayPreload = false;
  });
}

/** The local policy, loaded if it is not there yet. */
function loadPolicy(): Promise<RunPolicy> {
  takeAsked();
  return policySlot.load();
}

/** The models that runs need now, loaded if they are not there yet. */
async function load(): Promise<Models> {
  const policy = remote.peek() ?? loadPolicy();
  const [opened, judge] = await Promise.all([policy, judgeSlot.load()]);
  return { policy: opened, judge };
}

async function loadForRun(): Promise<RunModels> {
  const [models, heldout] = await Promise.all([load(), loadHeldout()]);
  return { ...models, heldout };
}

const slots = [policySlot, judgeSlot, heldoutSlot];

/** Stops what loads; models that are there stay. Nothing loads by itself any more. */
function cancelLoad(): void {
  mayPreload = false;
  for (const slot of slots) if (slot.state.peek().kind === "loading") slot.close();
}

/** Ends all workers. The next `load` starts new ones; nothing loads by itself any more. */
function close(): void {
  mayPreload = false;
  for (const slot of slots) slot.close();
}

/** After a worker died: ends what is left of all, so that the next `load` starts anew. */
function closeIfDead(error: unknown): void {
  if (hasCode(error, "worker-died")) close();
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
  remote,
  ready: computed(() => state.value.kind === "ready"),
  /** Whether the local policy is there, with a judge or before one. */
  policyLoaded: computed(() => remote.value === null && policySlot.state.value.kind === "ready"),
  load,
  loadPolicy,
  preloadPolicy,
  loadJudge: judgeSlot.load,
  loadHeldout,
  loadForRun,
  cancelLoad,
  closeIfDead,
  shows,
  refreshPlan,
  clearCache,
};
