/** The recorded runs that the page opens at once; they are made by the command line and never by hand. */

import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { DialError } from "../domain/errors";
import type { RunHeader } from "../domain/run";
import type { JudgedPair } from "../experiments/studies/judgePairs";
import type { JudgeRecording } from "../experiments/studies/judgeRecording";
import type { JudgeSummary } from "../experiments/studies/summariseJudge";
import { pairsToJsonLines } from "../storage/pairFiles";
import { appendLines, readWholeLines } from "./lineFile";
import { writeNewFile } from "./newFile";
import { openRunFile, type RunFile } from "./runFile";

/** Their folder. */
export const RECORDINGS = fileURLToPath(new URL("../data/studies", import.meta.url));

/**
 * The recording of a study, taken up where an earlier try of the same run, or a shorter one, stopped. It takes the place
 * of the one before when it is finished.
 */
export async function openRecording(study: string, header: RunHeader, folder = RECORDINGS): Promise<RunFile> {
  await mkdir(folder, { recursive: true });
  const final = `${folder}/${study}.jsonl`;
  const partial = `${final}.partial`;
  const file = (await takenUp(partial, header)) ?? (await copied(final, partial, header));
  return {
    ...file,
    async finish(belongs) {
      await file.finish(belongs);
      await rename(partial, final);
    },
  };
}

/** The finished recording's rows where they are of the same run; else no rows. */
async function copied(final: string, partial: string, header: RunHeader): Promise<RunFile> {
  if (existsSync(final)) await copyFile(final, partial);
  const file = await takenUp(partial, header);
  if (file) return file;
  await rm(partial, { force: true });
  return openRunFile(partial, header);
}

/** null where there is no such file, or it is of another run or damaged: a recording can be made again. */
async function takenUp(path: string, header: RunHeader): Promise<RunFile | null> {
  try {
    return existsSync(path) ? await openRunFile(path, header) : null;
  } catch (error) {
    if (error instanceof DialError) return null;
    throw error;
  }
}

const judgeFile = (folder: string): string => `${folder}/reward-model.json`;

/** The recording of the reward-model study; null where there is none that can be read. */
export async function readJudgeRecording(folder = RECORDINGS): Promise<JudgeRecording | null> {
  try {
    return JSON.parse(await readFile(judgeFile(folder), "utf8"));
  } catch {
    return null;
  }
}

/** A recording of the reward-model study on its way. */
export interface JudgeRecordFile {
  /** Pairs that an earlier try of the same run scored. */
  readonly pairs: readonly JudgedPair[];
  append(pairs: readonly JudgedPair[]): Promise<void>;
  /** Writes the recording in place of the one before. */
  finish(summary: JudgeSummary): Promise<void>;
}

/** Takes up the recording where an earlier try of the same run stopped: its scores are kept until it is finished. */
export async function openJudgeRecording(header: RunHeader, folder = RECORDINGS): Promise<JudgeRecordFile> {
  await mkdir(folder, { recursive: true });
  const partial = `${folder}/reward-model.jsonl.partial`;
  const pairs = await pairsTakenUp(partial, header);
  if (pairs === null) await writeFile(partial, pairsToJsonLines([], header));
  return {
    pairs: pairs ?? [],
    append: (more) => appendLines(partial, pairsToJsonLines(more)),
    async finish(summary) {
      const recording: JudgeRecording = { header, summary };
      await writeNewFile(judgeFile(folder), (append) => append(`${JSON.stringify(recording)}\n`));
      await rm(partial);
    },
  };
}

/** As `takenUp`. A last line without its break, left by a run that was killed, is cut off. */
async function pairsTakenUp(path: string, header: RunHeader): Promise<JudgedPair[] | null> {
  try {
    const whole = await readWholeLines(path, pairsToJsonLines([], header));
    const [head, ...lines] = whole?.text.trimEnd().split("\n") ?? [];
    if (whole === null || head !== JSON.stringify(header)) return null;
    const pairs = lines.map((line): JudgedPair => JSON.parse(line));
    await whole.cut();
    return pairs;
  } catch {
    return null;
  }
}
