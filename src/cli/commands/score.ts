import { type ExampleLine, readExamples } from "../../domain/dataLines";
import { DialError } from "../../domain/errors";
import { batches } from "../../experiments/batches";
import { readOptions, required } from "../arguments";
import type { Command } from "../io";
import { readFile } from "../textFile";

/** Examples scored, and lines printed, at once. */
const BATCH = 16;

export const score: Command = {
  summary: "score completions from a file",
  usage: `score --in FILE [--judge NAME]

  --in FILE         lines {"prompt_dialogue", "completion"}, gzipped or not
  --judge NAME      reward model (the manifest's default)

Prints a line each: {"helpful", "harmless"} as percentiles of the reference completions, and "raw".`,

  async run(args, { models, print, progress, signal }) {
    const options = readOptions(args, { in: "text", judge: "text" });
    const path = required("in", options.in);
    const judge = await models.openJudge(options.judge);
    let done = 0;
    for await (const batch of batches<ExampleLine>(readFile(path, readExamples, signal), BATCH)) {
      for (const { percentile, raw } of await judge.score(batch, { signal })) print({ ...percentile, raw });
      done += batch.length;
      progress(`${done} scored`);
    }
    if (done === 0) throw new DialError("invalid-option", `${path}: no lines; nothing to score`);
  },
};
