/** The match that is open: its rows, its progress, and starting, stopping and going on with it. */

import { signal } from "@preact/signals";
import type { Dialogue } from "../../domain/dialogue";
import type { Row } from "../../domain/row";
import type { RunHeader } from "../../domain/run";
import { checkTargetSampler } from "../../domain/targets";
import { match as runMatch } from "../../experiments/match";
import { matchHeader } from "../../experiments/matchHeader";
import { matchCondition } from "../../experiments/matchTargets";
import { targetsOf } from "../../experiments/studies/targetsOf";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { type MatchRequest, matchRuns, promptsKey, type StoredRun } from "../../storage/runs";
import { engine, type RunModels } from "../engine/engine";
import { noteRate } from "../engine/rate";
import { RULES, readNumber } from "../fields";
import { keptRun, type NewHead, type OpenRun } from "../runs/keptRun";
import { forgetLink } from "../runs/linkedFiles";
import { targetsAsked } from "../runs/ownTargets";
import { takeWhoBegan } from "../runs/whoBegan";
import { readSampling } from "../sampling";
import { matchShown, match as settings } from "../settings";
import { fromSource, source } from "./promptSource";
import { saved } from "./savedRuns";

type MatchStage =
  | { readonly kind: "loading" }
  | { readonly kind: "running"; readonly since: number; readonly rowsBefore: number };

export type OpenMatch = OpenRun<MatchRequest, StoredRun>;

const matchRun = keptRun<MatchRequest, StoredRun, readonly Dialogue[], Row, MatchStage>({
  owner: "match",
  store: matchRuns,
  saved,
  setting: settings.run,
  row: matchShown.row,
  onPage: () => true,
  contentOf: ({ prompts }) => prompts.prompts,
  requestOf: ({ run, content }) => {
    return { ...run, prompts: { sha256: String(run.header.options.prompts), prompts: content } };
  },
  allRows: ({ n }) => n,
  make,
});
export const { open, rows, state, refused, unsaved, elsewhere, goOn, stop, extend, openRun } = matchRun;
export const followRun = matchRun.follow;
export const closeRun = matchRun.close;

/** Tokens sampled since Start or Go on. */
export const tokens = signal(0);

/** @throws DialError for the first setting that cannot be used. */
export async function readRequest(): Promise<MatchRequest> {
  const own = targetsAsked();
  const wanted = {
    n: readNumber(settings.n.value, RULES.n),
    targets: own.length > 0 ? own : checkTargetSampler(settings.targets.value),
    seed: readNumber(settings.seed.value, RULES.seed),
    bestOf: readNumber(settings.bestOf.value, RULES.bestOf),
    sampling: readSampling(settings),
    ...fromSource(source.value),
  };
  return { ...wanted, prompts: await source.value.pick(wanted.seed) };
}

export const start = (): Promise<void> =>
  matchRun.start(async () => {
    const request = await readRequest();
    forgetLink();
    return request;
  });

async function make(opened: OpenMatch, signal: AbortSignal): Promise<void> {
  const { request } = opened;
  state.value = { kind: "loading" };
  tokens.value = 0;
  if (opened.stored) await takeWhoBegan(opened.stored);
  const loaded = await unlessAborted(engine.loadForRun(), signal);
  await matchRun.keep(opened, headerOf(request, loaded), headOf(request, loaded));
  state.value = { kind: "running", since: performance.now(), rowsBefore: rows.peek().length };
  await run(request, loaded, signal);
}

/** The header that the command line, too, would write for this run over these model files. */
function headerOf(request: MatchRequest, { policy, judge, heldout }: RunModels): RunHeader {
  const files = { ...policy.models, ...judge.models, ...heldout?.models };
  return matchHeader({ ...request, shuffled: false }, request.prompts.sha256, policy.name, files);
}

function headOf({ prompts, ...request }: MatchRequest, { policy, judge }: RunModels): NewHead<StoredRun> {
  return {
    ...request,
    content: promptsKey(prompts, request.seed),
    policy: policy.name,
    judge: judge.name,
  };
}

async function run(
  request: MatchRequest,
  { policy, judge, heldout }: RunModels,
  signal: AbortSignal,
): Promise<void> {
  const options = {
    ...request,
    prompts: request.prompts.prompts,
    ...targetsOf(matchCondition(request.targets, policy), judge.reference),
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
      await matchRun.addRows([event.row]);
    }
  }
}
