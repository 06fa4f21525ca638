import { readPairs } from "../../domain/dataLines";
import { AXES } from "../../domain/reward";
import { accuracy as measure } from "../../experiments/accuracy";
import { choice, readOptions, required } from "../arguments";
import type { Command } from "../io";
import { readFile } from "../textFile";

export const accuracy: Command = {
  summary: "compare a reward model with people's choices between pairs",
  usage: `accuracy --pairs FILE --axis helpful|harmless [--judge NAME]

  --pairs FILE      lines {"prompt_dialogue", "chosen", "rejected"}, gzipped or not
  --axis AXIS       the axis that the choices are about
  --judge NAME      reward model (the manifest's default)

Prints {"n", "accuracy", "ci", "longer", "ece", "eceIfCalibrated"}: Wilson's 95 % interval, the baseline
that prefers the longer completion, the expected calibration error of the pairwise probability, and what
that error comes to by chance where the probabilities are right.`,

  async run(args, { models, print, progress, signal }) {
    const options = readOptions(args, { pairs: "text", axis: "text", judge: "text" });
    const path = required("pairs", options.pairs);
    const axis = choice("axis", required("axis", options.axis), AXES);
    const judge = await models.openJudge(options.judge);
    const run = measure(readFile(path, readPairs, signal), judge, { axis, signal });
    let next = await run.next();
    for (; !next.done; next = await run.next()) progress(`${next.value.pairs} pairs`);
    print(next.value);
  },
};
