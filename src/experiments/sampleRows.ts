import type { Completion, Policy } from "../runtimes/policy";
import { pastFilters } from "./pastFilters";
import type { PlannedRow } from "./planRow";

export interface SampledRow {
  readonly plan: PlannedRow;
  /** In the order of the plan's requests. */
  readonly candidates: readonly Completion[];
}

/** `finished` is the row that the completion was the last of, where it was. */
export interface SampleStep {
  readonly completion: Completion;
  readonly finished: SampledRow | null;
}

/** Requests handed to the policy at once: so many that the end of a chunk, when its batch empties, hardly counts. */
const CHUNK = 512;

/**
 * Samples planned rows, a chunk of whole rows at a time, and yields each completion.
 * @throws what the policy throws; "answer-filtered" after all rows, of which some then have none.
 */
export function sampleRows(
  plans: readonly PlannedRow[],
  policy: Policy,
  signal: AbortSignal,
): AsyncGenerator<SampleStep, void> {
  const rowsAtOnce = Math.max(1, Math.floor(CHUNK / (plans[0]?.requests.length ?? 1)));
  const chunks = Array.from({ length: Math.ceil(plans.length / rowsAtOnce) }, (_, chunk) =>
    plans.slice(chunk * rowsAtOnce, (chunk + 1) * rowsAtOnce),
  );
  return pastFilters(chunks.map((chunk) => sampleChunk(chunk, policy, signal)));
}

async function* sampleChunk(
  plans: readonly PlannedRow[],
  policy: Policy,
  signal: AbortSignal,
): AsyncGenerator<SampleStep, void> {
  const places = plans.flatMap((plan) => {
    const candidates: Completion[] = [];
    return plan.requests.map((request, candidate) => ({ plan, request, candidate, candidates }));
  });
  const requests = places.map(({ request }) => request);
  for await (const { index, completion } of policy.sample(requests, { signal })) {
    const { plan, candidate, candidates } = places[index] as (typeof places)[number];
    candidates[candidate] = completion;
    const finished = Object.keys(candidates).length === plan.requests.length;
    yield { completion, finished: finished ? { plan, candidates } : null };
  }
}
