import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { DialError } from "../../domain/errors";
import { AXES, type Axis } from "../../domain/reward";
import type { RunHeader } from "../../domain/run";
import { readAskedPairs } from "../../experiments/studies/askedPairs";
import { type AskedPair, type JudgedPair, judgePairs } from "../../experiments/studies/judgePairs";
import type { JudgeRecording } from "../../experiments/studies/judgeRecording";
import { summariseJudge } from "../../experiments/studies/summariseJudge";
import type { Options } from "../arguments";
import type { CliIo } from "../io";
import { writeNewFile } from "../newFile";
import { RECORDINGS } from "../recordFile";
import { readFile } from "../textFile";

export const JUDGE_OPTIONS = {
  helpful: "text",
  harmless: "text",
  judge: "text",
  second: "text",
  record: "flag",
} as const;

/** Scores the pairs of one file or two and prints what they say of the judge. */
export async function rewardModelStudy(
  options: Options<typeof JUDGE_OPTIONS>,
  { models, print, progress, signal }: CliIo,
): Promise<void> {
  const paths = AXES.flatMap((axis): { axis: Axis; path: string }[] => {
    const path = options[axis];
    return path === undefined ? [] : [{ axis, path }];
  });
  if (paths.length === 0) {
    throw new DialError("invalid-option", "--helpful or --harmless is missing: a file of pairs; see --help");
  }
  const judge = await models.openJudge(options.judge);
  const second = options.second === undefined ? undefined : await models.openJudge(options.second);
  const pairs: JudgedPair[] = [];
  for await (const batch of judgePairs(readPairs(paths), judge, second, signal)) {
    pairs.push(...batch);
    progress(`reward-model: ${pairs.length} pairs`);
  }
  if (pairs.length === 0) throw new DialError("invalid-option", "no pairs; nothing to score");
  const summary = summariseJudge(pairs);
  if (options.record) {
    const files = await Promise.all(
      paths.map(async ({ axis, path }) => [axis, await sha256Of(path)] as const),
    );
    const header: RunHeader = {
      kind: "study",
      version: 1,
      options: { study: "reward-model", ...Object.fromEntries(files) },
      models: { ...judge.models, ...second?.models },
    };
    const recording: JudgeRecording = { header, summary };
    await mkdir(RECORDINGS, { recursive: true });
    await writeNewFile(`${RECORDINGS}/reward-model.json`, (append) =>
      append(`${JSON.stringify(recording)}\n`),
    );
  }
  print({ study: "reward-model", ...summary });
}

/** The pairs of all files, one after the other. */
async function* readPairs(
  paths: readonly { readonly axis: Axis; readonly path: string }[],
): AsyncGenerator<AskedPair, void> {
  for (const { axis, path } of paths) {
    yield* readFile(path, (chunks) => readAskedPairs(chunks, axis));
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
