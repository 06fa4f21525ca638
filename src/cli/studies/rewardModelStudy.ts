import { DialError } from "../../domain/errors";
import type { BadLine } from "../../domain/jsonLines";
import { AXES, type Axis } from "../../domain/reward";
import { surveyPairs, tryAskedPairs } from "../../experiments/studies/askedPairs";
import { judgeHeader } from "../../experiments/studies/judgeHeader";
import { type AskedPair, type JudgedPair, judgePairs } from "../../experiments/studies/judgePairs";
import { summariseJudge } from "../../experiments/studies/summariseJudge";
import type { Survey } from "../../experiments/survey";
import type { Options } from "../arguments";
import type { CliIo } from "../io";
import { openJudges } from "../openJudges";
import { openJudgeRecording, readJudgeRecording } from "../recordFile";
import { checkNoneBad, readFile } from "../textFile";

export const JUDGE_OPTIONS = {
  helpful: "text",
  harmless: "text",
  judge: "text",
  second: "text",
  "skip-malformed": "flag",
  record: "flag",
} as const;

interface PairFile {
  readonly axis: Axis;
  readonly path: string;
}

/**
 * Scores the pairs of one file or two and prints what they say of the judge. A recording of the same pairs by the same
 * judges is printed as it is, one that was cut short is gone on with.
 */
export async function rewardModelStudy(
  options: Options<typeof JUDGE_OPTIONS>,
  { models, print, progress, signal }: CliIo,
): Promise<void> {
  const files = AXES.flatMap((axis): PairFile[] => {
    const path = options[axis];
    return path === undefined ? [] : [{ axis, path }];
  });
  if (files.length === 0) {
    throw new DialError("invalid-option", "--helpful or --harmless is missing: a file of pairs; see --help");
  }
  const surveys = await surveyFiles(files, options["skip-malformed"] ?? false, signal);
  const { judge, second, ...judges } = await openJudges(models, options);
  const hashes = Object.fromEntries(surveys.map(({ axis, survey }) => [axis, survey.sha256]));
  const header = judgeHeader(hashes, judges.files, judges.named);
  const recorded = options.record ? await readJudgeRecording() : null;
  if (recorded && JSON.stringify(recorded.header) === JSON.stringify(header)) {
    print({ study: "reward-model", ...recorded.summary });
    return;
  }
  const of = surveys.reduce((sum, { survey }) => sum + survey.count, 0);
  if (of === 0) throw new DialError("invalid-option", "no pairs; nothing to score");
  const file = options.record ? await openJudgeRecording(header) : null;
  const done = file?.pairs ?? [];
  const pairs: JudgedPair[] = [...done];
  const since = performance.now();
  for await (const batch of judgePairs(readPairs(files, signal), judge, { second, done, signal })) {
    await file?.append(batch);
    pairs.push(...batch);
    const seconds = (performance.now() - since) / 1000;
    const left = ((of - pairs.length) * seconds) / (pairs.length - done.length);
    progress(`reward-model: ${pairs.length}/${of} pairs, about ${Math.round(left)} s left`);
  }
  const summary = summariseJudge(pairs);
  await file?.finish(summary);
  print({ study: "reward-model", ...summary });
}

/** @throws DialError naming file and line for a line that holds no pair, unless such lines are left out. */
async function surveyFiles(
  files: readonly PairFile[],
  skipMalformed: boolean,
  signal: AbortSignal,
): Promise<{ axis: Axis; survey: Survey }[]> {
  const surveys = [];
  for (const file of files) {
    const survey = await surveyPairs(readLines(file, signal));
    checkNoneBad(file.path, survey.firstBad[0], skipMalformed);
    surveys.push({ axis: file.axis, survey });
  }
  return surveys;
}

function readLines({ axis, path }: PairFile, signal: AbortSignal): AsyncIterable<AskedPair | BadLine> {
  return readFile(path, (chunks) => tryAskedPairs(chunks, axis), signal);
}

/** The pairs of all files, one after the other. */
async function* readPairs(files: readonly PairFile[], signal: AbortSignal): AsyncGenerator<AskedPair, void> {
  for (const file of files) {
    for await (const line of readLines(file, signal)) if (!("problem" in line)) yield line;
  }
}
