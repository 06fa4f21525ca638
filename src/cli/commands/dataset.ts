import { type FindingKind, Findings } from "../../domain/dataset/findings";
import { NORMALISERS } from "../../domain/dataset/rewardScale";
import { readSourceRows } from "../../domain/dataset/sourceRows";
import {
  TARGET_MODELS,
  type TargetModel,
  targetModel,
  trainingCost,
} from "../../domain/dataset/targetModels";
import { DialError } from "../../domain/errors";
import { FINE_TUNING_TARGETS } from "../../domain/fineTuning";
import { PROMPT_FORMATS } from "../../domain/rewardPrompt";
import { DatasetSession, type Style } from "../../experiments/dataset/session";
import { anyNumber, choice, type Options, readOptions, required, wholeNumber } from "../arguments";
import { labelCompletions, writeDataset } from "../datasetSteps";
import type { Command } from "../io";
import { openLabelFile } from "../labelFile";
import { checkWritable } from "../newFile";
import { readPromptFile } from "../promptFile";
import { checkSeparateFiles } from "../separateFiles";
import { checkNoneBad, readFile } from "../textFile";

const OPTIONS = {
  in: "text",
  out: "text",
  format: "text",
  target: "text",
  model: "text",
  normaliser: "text",
  validation: "text",
  "validation-out": "text",
  limit: "text",
  labels: "text",
  "test-prompts": "text",
  "skip-malformed": "flag",
  judge: "text",
} as const;

export const dataset: Command = {
  summary: "label completions and write a file to fine-tune a policy on",
  usage: `dataset --in FILE --out FILE [options]

  --in FILE             JSON Lines or CSV, gzipped or not: hh-rlhf {"chosen", "rejected"}, whole transcripts;
                        pairs {"prompt_dialogue" or "prompt", "chosen", "rejected"};
                        {"prompt_dialogue" or "prompt", "completion" or "response"}; or
                        chats {"messages": [{"role", "content"}, ...]}, the last the assistant's
  --out FILE            JSON Lines; one that exists is replaced when all is done
  --format NAME         where the rewards stand: ${PROMPT_FORMATS.join(", ")} (${PROMPT_FORMATS[0]})
  --target NAME         completion: {"prompt", "completion"}; chat: {"messages"}; local: {"prompt", "completion"}
                        in the policy's own template (${FINE_TUNING_TARGETS[0]})
  --model NAME          whose tokens are counted and whose length limit holds, in place of --target:
                        ${TARGET_MODELS.map(({ name }) => name).join(", ")}
  --normaliser NAME     from raw scores to rewards: ${NORMALISERS.join(", ")} (${NORMALISERS[0]})
  --validation SHARE    of first questions, whose rows go to --validation-out (0)
  --validation-out FILE
  --labels FILE         keep the labels here as they are made, and take up those that it holds
  --limit N             label and write the first N completions (all)
  --test-prompts FILE   leave out what begins with one of these questions: lines with "prompt_dialogue" or "prompt",
                        CSV with such a column, or plain text with a question a line
  --skip-malformed      leave out lines of either file that cannot be read; else the first one ends the command
  --judge NAME          reward model (the manifest's default)

Prints {"rows", "completions", "written", "validation", "bytes", "tokens", "cost", ...}: cost in US dollars for one
epoch at a price to be checked, and how many were left out: "malformed", "malformed_tests" (lines of --test-prompts),
"unsplit" (the transcripts of a pair share no prompt), "empty", "duplicates", "leaked" (a test prompt), "too_long";
"system_messages" are left out of their rows. All count the whole file, but for what is written and "too_long", which
end at --limit. A completion for a base model ends with a blank line and "Human:", the stop sequence.`,

  async run(args, io) {
    const options = readOptions(args, OPTIONS);
    const path = required("in", options.in);
    const out = required("out", options.out);
    const style = readStyle(options);
    const validationOut = validationFile(style, options);
    const { labels, "test-prompts": tests } = options;
    await checkSeparateFiles(
      { in: path, "test-prompts": tests },
      { out, "validation-out": validationOut, labels },
    );
    await checkWritable(out);
    if (validationOut !== null) await checkWritable(validationOut);
    const judge = await io.models.openJudge(options.judge);
    const skipMalformed = options["skip-malformed"] ?? false;
    const { signal } = io;
    let malformedTests = 0;
    const source = {
      rows: () => readFile(path, readSourceRows, signal),
      testPrompts:
        tests === undefined
          ? undefined
          : () => readPromptFile(tests, { skipMalformed, signal }, () => malformedTests++),
    };
    const kept = labels === undefined ? null : await openLabelFile(labels, judge.scoring);
    const session = await DatasetSession.open(source, judge.reference, kept?.labels);
    checkNoneBad(path, session.firstMalformed(), skipMalformed);
    const { rows, completions, selected, findings } = session.overview(style);
    if (selected === 0) throw new DialError("invalid-option", `${path}: no completions; nothing to write`);
    await labelCompletions(session, style, judge, kept, io);
    const unwritten = new Findings();
    const written = await writeDataset(session, style, unwritten, { out, validationOut }, io);
    const count = (wanted: FindingKind): number => findings.find(({ kind }) => kind === wanted)?.count ?? 0;
    io.print({
      rows,
      completions,
      ...written,
      cost: trainingCost(written.tokens, 1, style.model.price),
      malformed: count("malformed"),
      malformed_tests: malformedTests,
      unsplit: count("unsplit"),
      empty: count("empty"),
      duplicates: count("duplicate"),
      leaked: count("leaked"),
      too_long: unwritten.count("too-long"),
      system_messages: count("instructions"),
      format: style.format,
      target: style.model.target,
      model: style.model.name,
      normaliser: style.normaliser,
    });
  },
};

/** The file of the rows held back; null where none are. @throws DialError "invalid-option". */
function validationFile(style: Style, options: Options<typeof OPTIONS>): string | null {
  const path = options["validation-out"];
  if (style.validation === 0 && path === undefined) return null;
  if (style.validation === 0) {
    throw new DialError("invalid-option", "--validation-out needs --validation, the share of rows for it");
  }
  return required("validation-out", path);
}

function readStyle(options: Options<typeof OPTIONS>): Style {
  const validation = anyNumber("validation", options.validation, 0);
  if (!(validation >= 0 && validation < 1)) {
    throw new DialError("invalid-option", `invalid --validation: ${validation}; expected a number in [0, 1)`);
  }
  return {
    validation,
    limit: wholeNumber("limit", options.limit, 1, Infinity),
    normaliser: choice("normaliser", options.normaliser ?? NORMALISERS[0], NORMALISERS),
    format: choice("format", options.format ?? PROMPT_FORMATS[0], PROMPT_FORMATS),
    model: readModel(options),
  };
}

/** The first model of the target, where no model is named. */
function readModel({ model, target }: Options<typeof OPTIONS>): TargetModel {
  if (model === undefined) {
    const wanted = choice("target", target ?? FINE_TUNING_TARGETS[0], FINE_TUNING_TARGETS);
    return TARGET_MODELS.find((candidate) => candidate.target === wanted) as TargetModel;
  }
  const found = targetModel(model);
  if (target === undefined || target === found.target) return found;
  throw new DialError("invalid-option", `--model ${model} takes --target ${found.target}, not ${target}`);
}
