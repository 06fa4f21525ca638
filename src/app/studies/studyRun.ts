/** The study that is open, its run in this tab, and starting, stopping and going on with it. */

import { computed } from "@preact/signals";
import { ownPrompts } from "../../data/ownPrompts";
import { type Dialogue, parsePrompt } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import type { Row } from "../../domain/row";
import type { RunHeader } from "../../domain/run";
import { runnable, STUDIES } from "../../experiments/studies/definitions";
import { runStudy } from "../../experiments/studies/runStudy";
import type { ShippedPolicies, Study } from "../../experiments/studies/study";
import { studyHeader } from "../../experiments/studies/studyHeader";
import {
  checkManifest,
  type GraphKind,
  policyEntry,
  policyModels,
  shippedPolicies,
} from "../../runtimes/local/manifest";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { promptsKey } from "../../storage/runs";
import { type StoredStudy, type StudyRequest, studyRuns } from "../../storage/studyRuns";
import { localDevice } from "../engine/device";
import { engine, type RunModels } from "../engine/engine";
import { noteRate } from "../engine/rate";
import { attempt, RULES, readNumber } from "../fields";
import { fromSource, listSource, OWN, type PromptSource, source } from "../match/promptSource";
import { manifest } from "../models/manifest";
import { keptRun, type OpenRun } from "../runs/keptRun";
import { forgetLink } from "../runs/linkedFiles";
import { targetsAsked } from "../runs/ownTargets";
import { takeWhoBegan } from "../runs/whoBegan";
import { readSampling } from "../sampling";
import { studies as settings } from "../settings";
import { saved } from "./savedStudies";
import { studyPolicies } from "./studyPolicies";

type StudyStage =
  | { readonly kind: "loading"; readonly what: string }
  | {
      readonly kind: "running";
      readonly condition: string;
      readonly since: number;
      readonly rowsBefore: number;
    };

export type OpenStudy = OpenRun<StudyRequest, StoredStudy>;

export const study = computed<Study | null>(
  () => STUDIES.find(({ name }) => name === settings.name.value) ?? null,
);

/** What the manifest offers; null until it has been read. */
export const policies = computed<ShippedPolicies | null>(() =>
  attempt(() => shippedPolicies(checkManifest(manifest.value))),
);

/** As `policies`, less what whoever answers now cannot do: what a run that starts now chooses from. */
export const answering = computed<ShippedPolicies | null>(() => {
  const shipped = policies.value;
  return shipped && engine.remote.value ? { ...shipped, unguided: true } : shipped;
});

export const onPage = (): boolean => study.peek() !== null;

const studyRun = keptRun<StudyRequest, StoredStudy, readonly Dialogue[], Row, StudyStage>({
  owner: "studies",
  store: studyRuns,
  saved,
  setting: settings.run,
  row: settings.row,
  onPage,
  contentOf: ({ prompts }) => prompts.prompts,
  requestOf: ({ run, content }) => {
    if (run.study !== settings.name.peek()) return null;
    return { ...run, prompts: { sha256: String(run.header.options.prompts), prompts: content } };
  },
  allRows,
  make,
});
export const { open, rows, state, refused, unsaved, elsewhere, goOn, stop, extend } = studyRun;
export const openStudy = studyRun.openRun;
export const followStudy = studyRun.follow;
export const closeStudy = studyRun.close;

/** @throws DialError for the first setting that cannot be used. */
export async function readRequest(wanted: Study, offered: ShippedPolicies): Promise<StudyRequest> {
  const seed = readNumber(settings.seed.value, RULES.seed);
  const prompts = promptsFor(wanted);
  const request = {
    study: wanted.name,
    n: readNumber(settings.n.value, RULES.studyRows),
    seed,
    sampling: readSampling(settings),
    ownTargets: targetsAsked(),
    ...fromSource(prompts),
    policies: offered,
  };
  if (runnable(wanted, offered, request.ownTargets).length === 0) {
    throw new DialError("invalid-option", "none of its policies is shipped: there is nothing to run");
  }
  return { ...request, prompts: await prompts.pick(seed) };
}

/** Name of the source that is the one prompt typed on the page. */
export const ONE_TYPED = "one typed here";

function promptsFor(wanted: Study): PromptSource {
  if (!wanted.onePrompt) return source.value;
  const typed = settings.prompt.value;
  if (typed === "") return listSource(OWN.name, ownPrompts(wanted));
  return listSource(ONE_TYPED, [parsePrompt(typed)]);
}

export async function start(): Promise<void> {
  const [wanted, offered] = [study.peek(), answering.peek()];
  if (!wanted || !offered) return;
  await studyRun.start(async () => {
    const request = await readRequest(wanted, offered);
    forgetLink();
    return request;
  });
}

async function make(opened: OpenStudy, signal: AbortSignal): Promise<void> {
  const { request, stored } = opened;
  state.value = { kind: "loading", what: "the models" };
  if (stored) await takeWhoBegan(stored);
  const loaded = await unlessAborted(engine.loadForRun(), signal);
  const { prompts, ...head } = request;
  const content = promptsKey(prompts, request.seed);
  await studyRun.keep(opened, await headerOf(request, loaded), {
    ...head,
    content,
    policy: loaded.policy.name,
  });
  await run(request, loaded, signal);
}

function studyOf(request: Pick<StudyRequest, "study">): Study {
  return STUDIES.find(({ name }) => name === request.study) as Study;
}

/** The header that the command line, too, would write for this run over these model files. */
async function headerOf(request: StudyRequest, { policy, judge, heldout }: RunModels): Promise<RunHeader> {
  const known = checkManifest(manifest.peek());
  const wanted = studyOf(request);
  const kind: GraphKind = (await localDevice(policy.device)) === "webgpu" ? "nbits" : "int8";
  let files = { ...judge.models, ...heldout?.models, ...policy.models };
  for (const condition of runnable(wanted, request.policies, request.ownTargets)) {
    if (condition.policy === request.policies.main) continue;
    files = { ...files, ...policyModels(known, policyEntry(known, condition.policy), kind) };
  }
  return studyHeader({ ...request, study: wanted }, request.prompts.sha256, files);
}

async function run(
  request: StudyRequest,
  { policy, judge, heldout }: RunModels,
  signal: AbortSignal,
): Promise<void> {
  const wanted = studyOf(request);
  const others = studyPolicies(request.policies.main, policy, signal, (what) => {
    state.value = { kind: "loading", what };
  });
  let device = policy.device;
  let since = performance.now();
  const events = runStudy(
    { ...request, study: wanted, prompts: request.prompts.prompts, done: rows.peek(), signal },
    {
      async policy(name) {
        const opened = await others.open(name);
        device = opened.device;
        since = performance.now(); // What it took to load says nothing about sampling.
        return opened;
      },
      judge,
      heldout: heldout ?? undefined,
    },
  );
  const guided = new Set(
    runnable(wanted, request.policies, request.ownTargets)
      .filter(({ guidance }) => guidance !== 1)
      .map(({ name }) => name),
  );
  let rowsBefore = rows.peek().length;
  let condition: string | null = null;
  let tokensBefore = 0;
  try {
    for await (const event of events) {
      if (event.kind === "row") {
        await studyRun.addRows([event.row]);
        continue;
      }
      if (event.condition !== condition) {
        condition = event.condition;
        studyRun.flush();
        [since, rowsBefore, tokensBefore] = [performance.now(), rows.peek().length, event.tokens];
      }
      if (state.peek().kind !== "running" || event.tokens === tokensBefore) {
        state.value = { kind: "running", condition, since, rowsBefore };
      }
      if (!guided.has(condition)) {
        noteRate(device, event.tokens - tokensBefore, (performance.now() - since) / 1000);
      }
    }
  } finally {
    others.close();
    void engine.refreshPlan(); // Its adapters are here now.
  }
}

/** Rows that a run of the study has when it is done. */
export function allRows(request: Pick<StudyRequest, "study" | "n" | "policies" | "ownTargets">): number {
  return request.n * runnable(studyOf(request), request.policies, request.ownTargets).length;
}
