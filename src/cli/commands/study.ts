import { DialError } from "../../domain/errors";
import { STUDIES } from "../../experiments/studies/definitions";
import { NORMALISERS_STUDY, REWARD_MODEL } from "../../experiments/studies/judgeStudies";
import { readOptions } from "../arguments";
import type { Command } from "../io";
import { DRAWING_USAGE } from "../sampling";
import { normalisersStudy } from "../studies/normalisersStudy";
import { JUDGE_OPTIONS, rewardModelStudy } from "../studies/rewardModelStudy";
import { SAMPLED_OPTIONS, sampledStudy } from "../studies/sampledStudy";

const KNOWN = [...STUDIES, REWARD_MODEL, NORMALISERS_STUDY];
const ALL = "all";

export const study: Command = {
  summary: "run a study: conditions side by side on the same prompts",
  usage: `study NAME [options]

${KNOWN.map(({ name, title }) => `  ${name.padEnd(18)}${title}`).join("\n")}
  all               each that samples

  --n N             rows of each condition (the study's own number)
  --seed S          of targets, prompt order and samples (0)
  --prompts FILE    lines with "prompt_dialogue" or "prompt", gzipped or not (our own set)
  --prompt TEXT     one question in place of a file
  --targets FILE    CSV, helpful,harmless a line: a condition more with these targets (match, trade-off)
  --judge NAME      reward model (the manifest's default)
  --heldout NAME    a second reward model that scores the same completions
  --out FILE        write the run here, a row a line; one that exists is resumed
  --record          write the run that the page shows, in src/data/studies; one cut short is resumed
${DRAWING_USAGE}

reward-model takes, in place of these:
  --helpful FILE    pairs {"prompt_dialogue", "chosen", "rejected"} chosen for help, or lines of hh-rlhf
  --harmless FILE   pairs chosen for harmlessness
  --judge NAME, --second NAME (another judge to compare with), --record (figures alone, no text)

Prints the summary as JSON, a line a study: for each condition the match, mean rewards, distance from
the targets and paired differences, with 95 % intervals; and the seconds a row took. A condition whose
policy is not shipped says what it needs.`,

  async run([name = "", ...args], io) {
    if (name === REWARD_MODEL.name) return rewardModelStudy(readOptions(args, JUDGE_OPTIONS), io);
    if (name === NORMALISERS_STUDY.name) return normalisersStudy(readOptions(args, { judge: "text" }), io);
    const chosen = name === ALL ? STUDIES : STUDIES.filter((candidate) => candidate.name === name);
    if (chosen.length === 0) {
      const known = KNOWN.map((candidate) => candidate.name).join(", ");
      throw new DialError(
        "invalid-option",
        `unknown study: ${JSON.stringify(name)}; expected one of ${known}, ${ALL}`,
      );
    }
    const options = readOptions(args, SAMPLED_OPTIONS);
    if (options.out !== undefined && (options.record || chosen.length > 1)) {
      throw new DialError("invalid-option", "--out takes one study, and none that is recorded");
    }
    for (const one of chosen) await sampledStudy(one, options, io);
  },
};
