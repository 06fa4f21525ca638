import { readFile as readBytes } from "node:fs/promises";
import { ownPrompts } from "../../data/ownPrompts";
import { readPrompts } from "../../domain/dataLines";
import { checkPrompt, type Dialogue, question } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import type { Target } from "../../domain/reward";
import type { RunHeader } from "../../domain/run";
import { readTargets } from "../../domain/targetLines";
import { runnable } from "../../experiments/studies/definitions";
import { runStudy, type StudyOptions } from "../../experiments/studies/runStudy";
import type { Study } from "../../experiments/studies/study";
import { studyHeader } from "../../experiments/studies/studyHeader";
import type { OpenPolicy } from "../../runtimes/local/node";
import { type Options, wholeNumber } from "../arguments";
import type { CliIo, ModelSource } from "../io";
import { openRecording } from "../recordFile";
import { openRunFile, type RunFile } from "../runFile";
import { DRAWING_OPTIONS, readSampling } from "../sampling";
import { readFile } from "../textFile";

export const SAMPLED_OPTIONS = {
  n: "text",
  seed: "text",
  prompts: "text",
  prompt: "text",
  targets: "text",
  judge: "text",
  heldout: "text",
  out: "text",
  record: "flag",
  ...DRAWING_OPTIONS,
} as const;

/** Runs the conditions of a study over the shipped models and prints its summary. */
export async function sampledStudy(
  study: Study,
  options: Options<typeof SAMPLED_OPTIONS>,
  { models, print, progress, signal }: CliIo,
): Promise<void> {
  const prompts = await readPromptOptions(study, options);
  const ownTargets = options.targets === undefined ? [] : await readTargetFile(options.targets);
  const { policies, filesOf } = await models.shipped();
  const settings: StudyOptions = {
    study,
    policies,
    prompts,
    ownTargets,
    n: wholeNumber("n", options.n, 1, study.rows),
    seed: wholeNumber("seed", options.seed, 0, 0),
    sampling: readSampling(options),
    signal,
  };
  const judge = await models.openJudge(options.judge);
  const heldout = options.heldout === undefined ? undefined : await models.openJudge(options.heldout);
  const one = onePolicy(models);
  const names = new Set(runnable(study, policies, ownTargets).map(({ policy: wanted }) => wanted));
  let files = { ...judge.models, ...heldout?.models };
  for (const name of names) {
    files = { ...files, ...filesOf(name) };
  }
  const header = await studyHeader(settings, files);
  // What cannot run leaves no file: an empty recording would look like a result.
  const file = names.size === 0 ? null : await openFile(study, options, header);
  const since = performance.now();
  let made = 0;
  const run = runStudy({ ...settings, done: file?.rows ?? [] }, { policy: one.open, judge, heldout });
  let next = await run.next();
  for (; !next.done; next = await run.next()) {
    const { value } = next;
    if (value.kind === "row") {
      await file?.append(value.row);
      made++;
    } else {
      const seconds = (performance.now() - since) / 1000;
      const left =
        made === 0 ? "" : `, about ${Math.round(((value.of - value.rows) * seconds) / made)} s left`;
      progress(`${study.name}, ${value.condition}: ${value.rows}/${value.of} rows${left}`);
    }
  }
  await file?.finish();
  const seconds = (performance.now() - since) / 1000;
  print({ ...next.value, rows_made: made, seconds_a_row: made === 0 ? null : seconds / made });
  await Promise.all([one.close(), judge.close(), heldout?.close()]);
}

/** The file that rows are written to; null where none is wanted. */
async function openFile(
  study: Study,
  { record, out }: Options<typeof SAMPLED_OPTIONS>,
  header: RunHeader,
): Promise<RunFile | null> {
  if (record) return openRecording(study.name, header);
  return out === undefined ? null : openRunFile(out, header);
}

/** One policy open at a time. */
function onePolicy(models: ModelSource) {
  let current: { readonly name: string; readonly policy: OpenPolicy } | null = null;
  const close = async (): Promise<void> => {
    await current?.policy.close();
    current = null;
  };
  return {
    async open(name: string): Promise<OpenPolicy> {
      if (current?.name === name) return current.policy;
      await close();
      const policy = await models.openPolicy(name);
      current = { name, policy };
      return policy;
    },
    close,
  };
}

async function readPromptOptions(
  study: Study,
  options: Options<typeof SAMPLED_OPTIONS>,
): Promise<readonly Dialogue[]> {
  if (options.prompt !== undefined) return [checkPrompt(question(options.prompt))];
  if (options.prompts === undefined) return ownPrompts(study);
  const prompts: Dialogue[] = [];
  for await (const prompt of readFile(options.prompts, readPrompts)) prompts.push(prompt);
  if (prompts.length === 0) {
    throw new DialError("empty-prompt", `${options.prompts}: no prompts; expected one a line`);
  }
  return prompts;
}

async function readTargetFile(path: string): Promise<readonly Target[]> {
  let text: string;
  try {
    text = await readBytes(path, "utf8");
  } catch {
    throw new DialError("invalid-option", `${path}: no such file, or it may not be read`);
  }
  try {
    return readTargets(text);
  } catch (error) {
    if (error instanceof DialError) throw new DialError(error.code, `${path}: ${error.message}`);
    throw error;
  }
}
