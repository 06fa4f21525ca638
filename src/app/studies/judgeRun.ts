/** The reward-model study in this tab: files of pairs, scored by the judges alone. */

import { computed, signal } from "@preact/signals";
import type { PairLine } from "../../domain/dataLines";
import { DialError } from "../../domain/errors";
import { lineError } from "../../domain/jsonLines";
import { ofFile } from "../../domain/ofFile";
import { AXES, type Axis } from "../../domain/reward";
import { judgeHeader } from "../../experiments/studies/judgeHeader";
import { type JudgedPair, judgePairs } from "../../experiments/studies/judgePairs";
import { REWARD_MODEL } from "../../experiments/studies/judgeStudies";
import { type JudgeSummary, summariseJudge } from "../../experiments/studies/summariseJudge";
import type { Survey } from "../../experiments/survey";
import type { PairsFile } from "../../runtimes/local/readerApi";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { judgeRuns, type PairFiles, type StoredJudgeRun } from "../../storage/judgeRuns";
import { engine } from "../engine/engine";
import { keptRun, type NewHead, type OpenRun } from "../runs/keptRun";
import { savedList } from "../runs/savedList";
import { studies as settings } from "../settings";

type JudgeStage =
  | { readonly kind: "loading" }
  | { readonly kind: "running"; readonly since: number; readonly pairsBefore: number };

interface ChosenFile {
  readonly file: File;
  readonly survey: Survey;
}

interface JudgeRequest {
  readonly files: PairFiles;
  /** sha256 of the pairs of each axis. */
  readonly hashes: Readonly<Partial<Record<Axis, string>>>;
  readonly n: number;
}

export type OpenJudgeRun = OpenRun<JudgeRequest, StoredJudgeRun>;

/** Pairs that people chose on each axis. */
export const files = signal<Readonly<Partial<Record<Axis, ChosenFile>>>>({});
/** The files that are being read, the last one chosen for each axis. */
const beingRead = signal<Readonly<Partial<Record<Axis, File>>>>({});
/** Name of one that is; null where none is. */
export const reading = computed(() => Object.values(beingRead.value)[0]?.name ?? null);
export const skipMalformed = signal(false);

export const saved = savedList(judgeRuns);

export const onPage = (): boolean => settings.name.peek() === REWARD_MODEL.name;

const judgeRun = keptRun<JudgeRequest, StoredJudgeRun, PairFiles, JudgedPair, JudgeStage>({
  owner: "studies",
  store: judgeRuns,
  saved,
  setting: settings.run,
  row: settings.row,
  onPage,
  contentOf: (request) => request.files,
  requestOf: ({ run, content }) => {
    const { study: _, ...hashes } = run.header.options;
    return { files: content, hashes: hashes as JudgeRequest["hashes"], n: run.n };
  },
  allRows: ({ n }) => n,
  make,
});
/** `refused`: why the last file chosen, too, could not be used. */
export const { open, state, refused, unsaved, elsewhere, goOn, stop } = judgeRun;
export const pairs = judgeRun.rows;
export const openJudgeRun = judgeRun.openRun;
export const followJudgeRun = judgeRun.follow;
export const closeJudgeRun = judgeRun.close;

/** Seconds that a pair took when pairs were last scored here; null where none were. */
export const pairSeconds = signal<number | null>(null);

export const malformed = computed(() =>
  AXES.reduce((sum, axis) => sum + (files.value[axis]?.survey.bad ?? 0), 0),
);

/** Growth of a run after which its figures are made anew: they cost the more, the more pairs there are. */
const GROWTH = 1.05;
let summarised: { readonly of: readonly JudgedPair[]; readonly summary: JudgeSummary } | null = null;

export const summary = computed<JudgeSummary | null>(() => {
  const all = pairs.value;
  if (all.length === 0) return null;
  const running = state.value.kind === "running";
  const recent = summarised && all[0] === summarised.of[0] && all.length < GROWTH * summarised.of.length;
  if (!summarised || !(running && recent)) summarised = { of: all, summary: summariseJudge(all) };
  return summarised.summary;
});

const reader = () => import("../../runtimes/local/workerReader");

/** Reads a file once to its end, to know what is in it. Another one chosen for the axis meanwhile takes its place. */
export async function chooseFile(axis: Axis, file: File): Promise<void> {
  refused.value = null;
  beingRead.value = { ...beingRead.peek(), [axis]: file };
  const wanted = () => beingRead.peek()[axis] === file;
  try {
    const survey = await (await reader()).surveyPairs({ axis, content: file });
    if (survey.count + survey.bad === 0) throw new DialError("invalid-option", "no pairs in it");
    if (!wanted()) return;
    files.value = { ...files.peek(), [axis]: { file, survey } };
    skipMalformed.value = false;
  } catch (error) {
    if (wanted()) refused.value = ofFile(file.name, error);
  } finally {
    if (wanted()) {
      const { [axis]: _, ...others } = beingRead.peek();
      beingRead.value = others;
    }
  }
}

export const start = (): Promise<void> => judgeRun.start(readRequest);

/** @throws DialError naming the first line that holds no pair, unless such lines are left out. */
function readRequest(): JudgeRequest {
  const chosen = chosenFiles();
  for (const { file, survey } of chosen) {
    const [first] = survey.firstBad;
    if (first && !skipMalformed.peek()) throw ofFile(file.name, lineError(first.line, first.problem));
  }
  return {
    files: Object.fromEntries(chosen.map(({ axis, file }) => [axis, { name: file.name, content: file }])),
    hashes: Object.fromEntries(chosen.map(({ axis, survey }) => [axis, survey.sha256])),
    n: chosen.reduce((sum, { survey }) => sum + survey.count, 0),
  };
}

function chosenFiles(): (ChosenFile & { readonly axis: Axis })[] {
  return AXES.flatMap((axis) => {
    const found = files.peek()[axis];
    return found ? [{ axis, ...found }] : [];
  });
}

async function make(opened: OpenJudgeRun, signal: AbortSignal): Promise<void> {
  const { request } = opened;
  state.value = { kind: "loading" };
  const [judge, second] = await unlessAborted(
    Promise.all([engine.loadJudge(), engine.loadHeldout()]),
    signal,
  );
  const header = judgeHeader(request.hashes, { ...judge.models, ...second?.models });
  await judgeRun.keep(opened, header, headOf(request));
  const before = pairs.peek();
  const since = performance.now();
  state.value = { kind: "running", since, pairsBefore: before.length };
  const { walkPairs } = await reader();
  const options = { second: second ?? undefined, done: before, signal };
  let made = 0;
  for await (const batch of judgePairs(walkPairs(pairsFiles(request.files)), judge, options)) {
    await judgeRun.addRows(batch);
    made += batch.length;
    pairSeconds.value = (performance.now() - since) / 1000 / made;
  }
}

function headOf({ files: chosen, hashes, n }: JudgeRequest): NewHead<StoredJudgeRun> {
  return {
    content: `pairs ${JSON.stringify(hashes)}`,
    source: AXES.flatMap((axis) => chosen[axis]?.name ?? []).join(", "),
    n,
  };
}

/** What a pair says; null where its file has no pair at the line. */
export async function textOf({ axis, line }: Pick<JudgedPair, "axis" | "line">): Promise<PairLine | null> {
  const file = open.peek()?.request.files[axis];
  return file ? (await reader()).pairAt({ axis, content: file.content }, line) : null;
}

function pairsFiles(chosen: PairFiles): PairsFile[] {
  return AXES.flatMap((axis) => {
    const file = chosen[axis];
    return file ? [{ axis, content: file.content }] : [];
  });
}
