import { DialError, hasCode } from "../../domain/errors";
import type { Row } from "../../domain/row";
import { checkTargetSampler, TARGET_SAMPLERS } from "../../domain/targets";
import { type MatchProgress, matchReport, match as runMatch } from "../../experiments/match";
import { type MatchSettings, matchHeader } from "../../experiments/matchHeader";
import { type MatchTargets, matchCondition } from "../../experiments/matchTargets";
import { targetsOf } from "../../experiments/studies/targetsOf";
import { type Options, readOptions, required, wholeNumber } from "../arguments";
import { openChosenPolicy, POLICY_OPTIONS, POLICY_USAGE } from "../endpoint";
import type { Command } from "../io";
import { openJudges } from "../openJudges";
import { readRunPrompts } from "../promptFile";
import { resultOf } from "../resultOf";
import { openRunFile, rowsKept } from "../runFile";
import { readSampling, SAMPLING_OPTIONS, SAMPLING_USAGE } from "../sampling";
import { readTargetFile } from "../targetFile";

const OPTIONS = {
  prompts: "text",
  n: "text",
  targets: "text",
  "own-targets": "text",
  seed: "text",
  "best-of": "text",
  shuffled: "flag",
  judge: "text",
  ...POLICY_OPTIONS,
  heldout: "text",
  out: "text",
  "skip-malformed": "flag",
  ...SAMPLING_OPTIONS,
} as const;

export const match: Command = {
  summary: "measure how far the rewards of completions follow the rewards asked for",
  usage: `match --prompts FILE --n N [options]

  --prompts FILE    lines with "prompt_dialogue" (a transcript) or "prompt" (a question), CSV with such a column, or
                    plain text with a question a line; gzipped or not
  --skip-malformed  leave out lines that are no prompts, or no targets; else the first one ends the command
  --n N             rows; more rows than prompts use prompts again
  --targets NAME    ${TARGET_SAMPLERS.join(", ")} (${TARGET_SAMPLERS[0]})
  --own-targets F   a CSV of targets instead, helpful,harmless a line, asked row by row
  --seed S          of targets, prompt order and samples (0)
  --best-of K       candidates a row; the one nearest to the target is kept (1)
  --shuffled        control: prompt with other targets than those compared
${POLICY_USAGE}
  --judge NAME      reward model (the manifest's default)
  --heldout NAME    a second reward model that scores the same completions (another of the manifest's, if there is one)
  --out FILE        write the run here, a row a line; one that exists is resumed, also with more rows than before
${SAMPLING_USAGE}

Prints the result as JSON, an object for each axis and one for their mean ("joint"): Pearson r with its 95 %
interval, slope, Spearman, Spearman of the means of ten target bins, partial r given length, r by the held-out judge;
the shuffled control; the two actuals' correlation; distinct-2 of the completions and the mean log-probability of a
token.`,

  async run(args, { models, print, progress, signal }) {
    const options = readOptions(args, OPTIONS);
    const path = required("prompts", options.prompts);
    required("n", options.n);
    const settings = await readSettings(options, signal);
    const { prompts, sha256 } = await readRunPrompts(path, {
      ...settings,
      skipMalformed: options["skip-malformed"] ?? false,
      signal,
    });
    const { policy, spent } = await openChosenPolicy(options, { models, progress });
    const { judge, second, files, named } = await openJudges(models, {
      judge: options.judge,
      second: options.heldout,
    });
    const header = matchHeader(settings, sha256, policy.name, { ...policy.models, ...files }, named);
    const file = options.out === undefined ? null : await openRunFile(options.out, header);
    const { n, seed, bestOf, sampling, targets, shuffled } = settings;
    const run = runMatch(
      {
        prompts,
        n,
        seed,
        bestOf,
        sampling,
        ...targetsOf(matchCondition(targets, policy, shuffled), judge.reference),
        done: file?.rows ?? [],
        signal,
      },
      policy,
      judge,
      second,
    );
    const describe = describeProgress();
    const rows: Row[] = [...(file?.rows ?? [])];
    const result = await resultOf(run, async (event) => {
      if (event.kind === "progress") return progress(`${describe(event)}${spent()}`);
      rows.push(event.row);
      await file?.append(event.row);
    }).catch((error: unknown) => {
      // The others have been paid for, and another try would be filtered again.
      if (hasCode(error, "answer-filtered") && rows.length > 0) print(matchReport(rows, seed));
      throw file ? rowsKept(error) : error;
    });
    await file?.finish();
    print(result);
  },
};

async function readSettings(options: Options<typeof OPTIONS>, signal: AbortSignal): Promise<MatchSettings> {
  return {
    n: wholeNumber("n", options.n, 1, 1),
    targets: await readTargetOptions(options, signal),
    seed: wholeNumber("seed", options.seed, 0, 0),
    bestOf: wholeNumber("best-of", options["best-of"], 1, 1),
    shuffled: options.shuffled ?? false,
    sampling: readSampling(options),
  };
}

async function readTargetOptions(
  { targets, "own-targets": own, "skip-malformed": skipMalformed = false }: Options<typeof OPTIONS>,
  signal: AbortSignal,
): Promise<MatchTargets> {
  if (own === undefined) return checkTargetSampler(targets ?? TARGET_SAMPLERS[0]);
  if (targets === undefined) return readTargetFile(own, skipMalformed, signal);
  throw new DialError("invalid-option", "--targets draws targets, --own-targets reads them: leave out one");
}

/** Says how many rows are finished, how fast, and about how long the rest takes. */
function describeProgress(): (event: MatchProgress) => string {
  const since = performance.now();
  let before: number | null = null;
  return ({ rows, of, tokens }) => {
    before ??= rows;
    const seconds = (performance.now() - since) / 1000;
    const made = rows - before;
    const left = made === 0 ? "" : `, about ${Math.round(((of - rows) * seconds) / made)} s left`;
    return `${rows}/${of} rows, ${Math.round(tokens / Math.max(seconds, 0.001))} tokens/s${left}`;
  };
}
