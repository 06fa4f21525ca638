import { ownPrompts } from "../../data/ownPrompts";
import { parsePrompt } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import type { RunHeader } from "../../domain/run";
import { promptsOf, type RunPrompts } from "../../experiments/runPrompts";
import { runnable } from "../../experiments/studies/definitions";
import { runStudy, type StudyOptions } from "../../experiments/studies/runStudy";
import type { Study } from "../../experiments/studies/study";
import { studyHeader } from "../../experiments/studies/studyHeader";
import type { OpenPolicy } from "../../runtimes/local/node";
import { type Options, wholeNumber } from "../arguments";
import type { CliIo, ModelSource } from "../io";
import { openJudges } from "../openJudges";
import { readRunPrompts } from "../promptFile";
import { openRecording } from "../recordFile";
import { resultOf } from "../resultOf";
import { openRunFile, type RunFile, rowsKept } from "../runFile";
import { DRAWING_OPTIONS, readSampling } from "../sampling";
import { readTargetFile } from "../targetFile";

export const SAMPLED_OPTIONS = {
  n: "text",
  seed: "text",
  prompts: "text",
  prompt: "text",
  "skip-malformed": "flag",
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
  const ownTargets =
    options.targets === undefined
      ? []
      : await readTargetFile(options.targets, options["skip-malformed"] ?? false, signal);
  const { policies, filesOf } = await models.shipped();
  const n = wholeNumber("n", options.n, 1, study.rows);
  const seed = wholeNumber("seed", options.seed, 0, 0);
  const { prompts, sha256 } = await readPromptOptions(study, options, { seed, n, signal });
  const settings: StudyOptions = {
    study,
    policies,
    prompts,
    ownTargets,
    n,
    seed,
    sampling: readSampling(options),
    signal,
  };
  const { judge, second, ...judges } = await openJudges(models, {
    judge: options.judge,
    second: options.heldout,
  });
  const one = onePolicy(models);
  try {
    const conditions = runnable(study, policies, ownTargets);
    const names = new Set(conditions.map(({ policy: wanted }) => wanted));
    let { files } = judges;
    for (const name of names) {
      files = { ...files, ...filesOf(name) };
    }
    const header = studyHeader(settings, sha256, files, judges.named);
    // What cannot run leaves no file: an empty recording would look like a result.
    const file = names.size === 0 ? null : await openFile(study, options, header);
    const since = performance.now();
    let made = 0;
    const run = runStudy(
      { ...settings, done: file?.rows ?? [] },
      { policy: one.open, judge, heldout: second },
    );
    const summary = await resultOf(run, async (event) => {
      if (event.kind === "row") {
        await file?.append(event.row);
        made++;
      } else {
        const seconds = (performance.now() - since) / 1000;
        const left =
          made === 0 ? "" : `, about ${Math.round(((event.of - event.rows) * seconds) / made)} s left`;
        progress(`${study.name}, ${event.condition}: ${event.rows}/${event.of} rows${left}`);
      }
    }).catch((error: unknown) => {
      throw file ? rowsKept(error) : error;
    });
    // A file taken up may hold rows of a condition that the study has no more.
    await file?.finish((row) => conditions.some(({ name }) => name === row.condition));
    const seconds = (performance.now() - since) / 1000;
    print({ ...summary, rows_made: made, seconds_a_row: made === 0 ? null : seconds / made });
  } finally {
    await Promise.all([one.close(), judge.close(), second?.close()]);
  }
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

function readPromptOptions(
  study: Study,
  { prompt, prompts: path, "skip-malformed": skipMalformed = false }: Options<typeof SAMPLED_OPTIONS>,
  run: { readonly seed: number; readonly n: number; readonly signal: AbortSignal },
): Promise<RunPrompts> {
  if (path !== undefined && prompt !== undefined) {
    throw new DialError("invalid-option", "--prompts and --prompt: leave out one of them");
  }
  if (path !== undefined && study.onePrompt) {
    throw new DialError(
      "invalid-option",
      `${study.name} asks one prompt; name it with --prompt, not --prompts`,
    );
  }
  if (path !== undefined) return readRunPrompts(path, { ...run, skipMalformed });
  const dialogues = prompt === undefined ? ownPrompts(study) : [parsePrompt(prompt)];
  return promptsOf(dialogues, run.seed, run.n);
}
