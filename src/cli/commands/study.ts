import { readFile as readBytes } from "node:fs/promises";
import { ownPrompts } from "../../data/ownPrompts";
import { readPrompts } from "../../domain/dataLines";
import { checkPrompt, type Dialogue, question } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import type { Target } from "../../domain/reward";
import { readTargets } from "../../domain/targetLines";
import { runnable, STUDIES } from "../../experiments/studies/definitions";
import { runStudy, type StudyOptions } from "../../experiments/studies/runStudy";
import type { Study } from "../../experiments/studies/study";
import { studyHeader } from "../../experiments/studies/studyHeader";
import type { OpenPolicy } from "../../runtimes/local/node";
import { type Options, readOptions, wholeNumber } from "../arguments";
import type { CliIo, Command } from "../io";
import { openRecording } from "../recordFile";
import { openRunFile } from "../runFile";
import { DRAWING_OPTIONS, DRAWING_USAGE, readSampling } from "../sampling";
import { readFile } from "../textFile";

const OPTIONS = {
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

export const study: Command = {
  summary: "run a study: conditions side by side on the same prompts",
  usage: `study NAME [options]

${STUDIES.map(({ name, title }) => `  ${name.padEnd(18)}${title}`).join("\n")}
  all               each of them

  --n N             rows of each condition (the study's own number)
  --seed S          of targets, prompt order and samples (0)
  --prompts FILE    lines with "prompt_dialogue" or "prompt", gzipped or not (our own set)
  --prompt TEXT     one question in place of a file
  --targets FILE    CSV, helpful,harmless a line: a condition more with these targets (match, trade-off)
  --judge NAME      reward model (the manifest's default)
  --heldout NAME    a second reward model that scores the same completions
  --out FILE        write the run here, a row a line; one that exists is resumed
  --record          write the run that the page shows, src/data/studies/NAME.jsonl; one cut short is resumed
${DRAWING_USAGE}

Prints the summary as JSON, a line a study: for each condition the match, mean rewards, distance from
the targets and paired differences from the baseline, with 95 % intervals; and the seconds a row took.
A condition whose policy is not shipped says what it needs.`,

  async run([name = "", ...args], io) {
    const chosen = name === "all" ? STUDIES : STUDIES.filter((candidate) => candidate.name === name);
    if (chosen.length === 0) {
      const known = STUDIES.map((candidate) => candidate.name).join(", ");
      throw new DialError(
        "invalid-option",
        `unknown study: ${JSON.stringify(name)}; expected one of ${known}, all`,
      );
    }
    const options = readOptions(args, OPTIONS);
    if (options.out !== undefined && (options.record || chosen.length > 1)) {
      throw new DialError("invalid-option", "--out takes one study, and none that is recorded");
    }
    const ownTargets = options.targets === undefined ? [] : await readTargetFile(options.targets);
    for (const one of chosen) {
      await runOne(one, await readPromptOptions(one, options), ownTargets, options, io);
    }
  },
};

async function runOne(
  study: Study,
  prompts: readonly Dialogue[],
  ownTargets: readonly Target[],
  options: Options<typeof OPTIONS>,
  { models, print, progress, signal }: CliIo,
): Promise<void> {
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
  let policy: { readonly name: string; readonly opened: OpenPolicy } | null = null;
  const open = async (name: string): Promise<OpenPolicy> => {
    if (policy?.name === name) return policy.opened;
    await policy?.opened.close();
    policy = { name, opened: await models.openPolicy(name) };
    return policy.opened;
  };
  let files = { ...judge.models, ...heldout?.models };
  for (const name of new Set(runnable(study, policies, ownTargets).map(({ policy: wanted }) => wanted))) {
    files = { ...files, ...filesOf(name) };
  }
  const header = await studyHeader(settings, files);
  const file = options.record
    ? await openRecording(study.name, header)
    : options.out === undefined
      ? null
      : await openRunFile(options.out, header);
  const since = performance.now();
  let made = 0;
  const run = runStudy({ ...settings, done: file?.rows ?? [] }, { policy: open, judge, heldout });
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
  await judge.close();
  await heldout?.close();
}

async function readPromptOptions(
  study: Study,
  options: Options<typeof OPTIONS>,
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
