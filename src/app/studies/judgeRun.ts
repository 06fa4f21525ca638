/** The reward-model study in this tab: files of pairs, scored by the judges alone. */

import { computed, signal } from "@preact/signals";
import type { PairLine } from "../../domain/dataLines";
import { DialError } from "../../domain/errors";
import { lineError } from "../../domain/jsonLines";
import { AXES, type Axis } from "../../domain/reward";
import { checkSameRun } from "../../domain/run";
import { judgeHeader } from "../../experiments/studies/judgeHeader";
import { type JudgedPair, judgePairs } from "../../experiments/studies/judgePairs";
import { type JudgeSummary, summariseJudge } from "../../experiments/studies/summariseJudge";
import type { Survey } from "../../experiments/survey";
import type { PairsFile } from "../../runtimes/local/readerApi";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { JUDGE_RUNS, judgeRuns, type PairFiles, type StoredJudgeRun } from "../../storage/judgeRuns";
import { engine } from "../engine/engine";
import { keptOrTold } from "../keptOrTold";
import { exclusiveRun, type RunEnd } from "../runs/exclusiveRun";
import { newRun } from "../runs/newRun";
import { rowFeed } from "../runs/rowFeed";
import { savedList } from "../runs/savedList";
import { studies as settings } from "../settings";

export type JudgeRunState =
  | { readonly kind: "loading" }
  | { readonly kind: "running"; readonly since: number; readonly pairsBefore: number }
  | RunEnd;

interface ChosenFile {
  readonly file: File;
  readonly survey: Survey;
}

/** The run on the screen; `stored` is null until the judges have said what they were loaded from. */
export interface OpenJudgeRun {
  readonly files: PairFiles;
  /** sha256 of the pairs of each axis. */
  readonly hashes: Readonly<Partial<Record<Axis, string>>>;
  readonly n: number;
  readonly stored: StoredJudgeRun | null;
}

/** Pairs that people chose on each axis. */
export const files = signal<Readonly<Partial<Record<Axis, ChosenFile>>>>({});
/** The file that is being read. */
export const reading = signal<string | null>(null);
export const skipMalformed = signal(false);
/** Why the last file chosen, or the last press of the button, did nothing. */
export const refused = signal<unknown>(null);
export const unsaved = signal<unknown>(null);

export const saved = savedList(judgeRuns);
export const open = signal<OpenJudgeRun | null>(null);
export const state = signal<JudgeRunState>({ kind: "stopped" });
export const pairs = signal<readonly JudgedPair[]>([]);

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

const models = exclusiveRun("studies");
const feed = rowFeed(pairs);
const reader = () => import("../../runtimes/local/workerReader");

/** Reads a file once to its end, to know what is in it. */
export async function chooseFile(axis: Axis, file: File): Promise<void> {
  refused.value = null;
  reading.value = file.name;
  try {
    const survey = await (await reader()).surveyPairs({ axis, content: file });
    if (survey.count + survey.bad === 0) throw new DialError("invalid-option", "no pairs in it");
    files.value = { ...files.peek(), [axis]: { file, survey } };
    skipMalformed.value = false;
  } catch (error) {
    refused.value = named(file.name, error);
  } finally {
    reading.value = null;
  }
}

export async function start(): Promise<void> {
  if (engine.busy.peek() !== null) return;
  refused.value = null;
  try {
    checkFiles();
  } catch (error) {
    refused.value = error;
    return;
  }
  const chosen = chosenFiles();
  const opened = {
    files: Object.fromEntries(chosen.map(({ axis, file }) => [axis, { name: file.name, content: file }])),
    hashes: Object.fromEntries(chosen.map(({ axis, survey }) => [axis, survey.sha256])),
    n: chosen.reduce((sum, { survey }) => sum + survey.count, 0),
    stored: null,
  };
  show(opened, []);
  await goOn();
}

function chosenFiles(): (ChosenFile & { readonly axis: Axis })[] {
  return AXES.flatMap((axis) => {
    const found = files.peek()[axis];
    return found ? [{ axis, ...found }] : [];
  });
}

/** @throws DialError naming the first line that holds no pair, unless such lines are left out. */
function checkFiles(): void {
  for (const { file, survey } of chosenFiles()) {
    const [first] = survey.firstBad;
    if (first && !skipMalformed.peek()) throw named(file.name, lineError(first.line, first.problem));
  }
}

/** Scores the pairs that the open run does not have yet. */
export async function goOn(): Promise<void> {
  const opened = open.peek();
  if (!opened) return;
  await models.run(
    (signal) => make(opened, signal),
    (end) => {
      state.value = end;
      void saved.refresh(JUDGE_RUNS);
    },
  );
}

export const stop = models.stop;

async function make(opened: OpenJudgeRun, signal: AbortSignal): Promise<void> {
  state.value = { kind: "loading" };
  const [judge, second] = await unlessAborted(
    Promise.all([engine.loadJudge(), engine.loadHeldout()]),
    signal,
  );
  const header = judgeHeader(opened.hashes, { ...judge.models, ...second?.models });
  if (opened.stored) checkSameRun(opened.stored.header, header);
  const stored = opened.stored ?? (await store(opened, header));
  open.value = { ...opened, stored };
  const before = pairs.peek();
  const since = performance.now();
  state.value = { kind: "running", since, pairsBefore: before.length };
  const { walkPairs } = await reader();
  let made = 0;
  try {
    const options = { second: second ?? undefined, done: before, signal };
    for await (const batch of judgePairs(walkPairs(pairsFiles(opened.files)), judge, options)) {
      await keptOrTold(judgeRuns.saveRows(stored.id, batch), unsaved);
      feed.add(batch);
      made += batch.length;
      pairSeconds.value = (performance.now() - since) / 1000 / made;
    }
  } finally {
    feed.flush();
  }
}

async function store(opened: OpenJudgeRun, header: StoredJudgeRun["header"]): Promise<StoredJudgeRun> {
  const stored: StoredJudgeRun = {
    ...newRun(),
    content: `pairs ${JSON.stringify(opened.hashes)}`,
    source: AXES.flatMap((axis) => opened.files[axis]?.name ?? []).join(", "),
    n: opened.n,
    header,
  };
  await keptOrTold(judgeRuns.save(stored, opened.files), unsaved);
  settings.run.value = stored.id;
  return stored;
}

/** Opens a run of the list, or the one that the address names. */
export async function openJudgeRun(id: string): Promise<void> {
  const found = await models.unlessRunning(() => judgeRuns.read(id));
  if (found === undefined) return;
  if (!found) {
    settings.run.value = "";
    return;
  }
  const { run: stored, content } = found;
  const { study: _, ...hashes } = stored.header.options;
  refused.value = null;
  show({ files: content, hashes: hashes as OpenJudgeRun["hashes"], n: stored.n, stored }, found.rows);
}

/** Takes the open run off the screen; the recorded figures are shown. */
export function closeJudgeRun(): void {
  if (engine.busy.peek() === "studies") return;
  show(null, []);
}

function show(opened: OpenJudgeRun | null, found: readonly JudgedPair[]): void {
  open.value = opened;
  pairs.value = found;
  state.value = { kind: opened && found.length >= opened.n ? "done" : "stopped" };
  unsaved.value = null;
  settings.run.value = opened?.stored?.id ?? "";
}

/** What a pair says; null where its file has no pair at the line. */
export async function textOf({ axis, line }: Pick<JudgedPair, "axis" | "line">): Promise<PairLine | null> {
  const file = open.peek()?.files[axis];
  return file ? (await reader()).pairAt({ axis, content: file.content }, line) : null;
}

function pairsFiles(chosen: PairFiles): PairsFile[] {
  return AXES.flatMap((axis) => {
    const file = chosen[axis];
    return file ? [{ axis, content: file.content }] : [];
  });
}

function named(name: string, error: unknown): unknown {
  return error instanceof DialError ? new DialError(error.code, `${name}, ${error.message}`) : error;
}
