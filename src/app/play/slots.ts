/** The completions of a run of Play: what is asked for, and how each one comes about. */

import { batch, type Signal, signal } from "@preact/signals";
import type { Dialogue } from "../../domain/dialogue";
import type { RewardVector } from "../../domain/reward";
import type { Row } from "../../domain/row";
import { type PlannedRow, planRow } from "../../experiments/planRow";
import { scoreRow } from "../../experiments/scoreRow";
import type { Completion, Policy, SamplingParameters } from "../../runtimes/policy";
import type { RewardModel } from "../../runtimes/rewardModel";
import { unlessAborted } from "../../runtimes/unlessAborted";

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

export function newSlots(count: number): Slot[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    text: signal(""),
    state: signal<SlotState>({ kind: "waiting" }),
  }));
}

/** Who fills slots. */
export interface PlayModels {
  readonly policy: Policy;
  /** Called once, when the first token is there: on few cores a judge that loads before would hold it up. */
  loadJudge(): Promise<RewardModel>;
}

/**
 * Samples and scores the slots that are not done yet; the judge loads and scores while the policy goes on.
 * When it ends, in whatever way, nothing is under way: what the policy finished before it failed has its scores.
 * @throws what the judge or its load threw first, as soon as it did; else what the policy throws.
 */
export async function fillSlots(
  slots: readonly Slot[],
  request: PlayRequest,
  { policy, loadJudge }: PlayModels,
  signal: AbortSignal,
): Promise<void> {
  const missing = slots.filter(({ state }) => state.peek().kind !== "done");
  const plans = missing.map(({ index }) => planRow({ ...request, row: index }));
  const candidates = plans.map((): Completion[] => []);
  const scoring: Promise<void>[] = [];
  const unscored = new AbortController();
  let judge: Promise<RewardModel> | undefined;
  const comingJudge = (): Promise<RewardModel> => {
    if (!judge) {
      judge = loadJudge();
      judge.catch((error) => unscored.abort(error));
    }
    return judge;
  };
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
    void comingJudge();
  };
  const requests = plans.flatMap((planned) => planned.requests);
  const samples = policy.sample(requests, { signal: AbortSignal.any([signal, unscored.signal]), onToken });
  try {
    for await (const { index, completion } of samples) {
      const { slot, position, candidate } = place(index);
      const found = candidates[position] as Completion[];
      found[candidate] = completion;
      const finished = Object.keys(found).length;
      if (finished < request.bestOf) {
        slot.state.value = { kind: "writing", finished };
        continue;
      }
      const scored = score(slot, plans[position] as PlannedRow, found, comingJudge(), signal);
      scored.catch((error) => unscored.abort(error));
      scoring.push(scored);
    }
    await Promise.all(scoring);
  } catch (error) {
    await Promise.allSettled(scoring);
    throw unscored.signal.aborted ? unscored.signal.reason : error;
  }
}

async function score(
  slot: Slot,
  plan: PlannedRow,
  candidates: readonly Completion[],
  coming: Promise<RewardModel>,
  signal: AbortSignal,
): Promise<void> {
  slot.state.value = { kind: "scoring" };
  const judge = await unlessAborted(coming, signal);
  const { row, kept } = await scoreRow({ plan, candidates }, judge, undefined, signal);
  const { finish } = candidates[kept] as Completion;
  batch(() => {
    slot.text.value = row.completion;
    slot.state.value = { kind: "done", row, finish };
  });
}
