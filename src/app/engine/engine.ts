/** The models that this tab works with: what they will cost, their loading, and what is there once they run. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { DialError } from "../../domain/errors";
import type { Device, DownloadPlan, LoadProgress, LocalJudge } from "../../runtimes/local/browser";
import { BASE_POLICY } from "../../runtimes/local/manifest";
import type { Policy } from "../../runtimes/policy";
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
/** Which view samples now. The models do one thing at a time. */
const busy = signal<"play" | "match" | "studies" | null>(null);
/** The policy that takes the local one's place; null while runs use the local one. */
const remote = signal<RunPolicy | null>(null);

const runtime = () => import("../../runtimes/local/browser");

/** Reads again what there is to download and what is cached. */
async function refreshPlan(): Promise<void> {
  try {
    const { downloadPlan } = await runtime();
    // The user's own adapter is here already.
    const adapter = settings.adapter.peek() === "" ? {} : { adapter: BASE_POLICY };
    plan.value = { kind: "known", plan: await downloadPlan({ device: deviceChoice(), ...adapter }) };
  } catch (error) {
    plan.value = { kind: "failed", error };
  }
}

const settled = () => void refreshPlan();

const policySlot = modelSlot(
  async (options) =>
    (await runtime()).openPolicy({ ...options, device: deviceChoice(), own: await chosenAdapter() }),
  settled,
);
// Another adapter is another policy.
effect(() => {
  void settings.adapter.value;
  untracked(policySlot.close);
});
const judgeSlot = modelSlot(async (options) => (await runtime()).openJudge(options), settled);

/** Of the models that runs need now: the first failure, else whether any loads, else whether all are there. */
const state = computed<EngineState>(() => {
  const policy = remote.value === null ? policySlot.state.value : readyWith(remote.value);
  const judge = judgeSlot.state.value;
  if (policy.kind === "failed") return policy;
  if (judge.kind === "failed") return judge;
  if (policy.kind === "loading" || judge.kind === "loading") {
    return { kind: "loading", progress: sumProgress([policy, judge]) };
  }
  if (policy.kind !== "ready" || judge.kind !== "ready") return { kind: "closed" };
  return { kind: "ready", models: { policy: policy.model, judge: judge.model } };
});

const readyWith = (model: RunPolicy): SlotState<RunPolicy> => ({ kind: "ready", model, progress: null });

/** The models that runs need now, loaded if they are not there yet. */
async function load(): Promise<Models> {
  const policy = remote.peek() ?? policySlot.load();
  const [opened, judge] = await Promise.all([policy, judgeSlot.load()]);
  return { policy: opened, judge };
}

/** Stops a load, or ends both workers. The next `load` starts new ones. */
function close(): void {
  policySlot.close();
  judgeSlot.close();
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
  remote,
  ready: computed(() => state.value.kind === "ready"),
  load,
  loadJudge: judgeSlot.load,
  close,
  closeIfDead,
  shows,
  refreshPlan,
  clearCache,
};
