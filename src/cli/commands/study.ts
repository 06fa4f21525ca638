import { DialError } from "../../domain/errors";
import { STUDIES } from "../../experiments/studies/definitions";
import { NORMALISERS_STUDY, REWARD_MODEL } from "../../experiments/studies/judgeStudies";
import { choice, type Options, readOptions } from "../arguments";
import type { CliIo, Command } from "../io";
import { DRAWING_USAGE } from "../sampling";
import { normalisersStudy } from "../studies/normalisersStudy";
import { JUDGE_OPTIONS, rewardModelStudy } from "../studies/rewardModelStudy";
import { SAMPLED_OPTIONS, sampledStudy } from "../studies/sampledStudy";

const KNOWN = [...STUDIES, REWARD_MODEL, NORMALISERS_STUDY];
const ALL = "all";
const ALL_OPTIONS = { ...SAMPLED_OPTIONS, ...JUDGE_OPTIONS, only: "text" } as const;

export const study: Command = {
  summary: "run a study: conditions side by side on the same prompts",
  usage: `study NAME [options]

${KNOWN.map(({ name, title }) => `  ${name.padEnd(18)}${title}`).join("\n")}
  all               each but normalisers; reward-model where --helpful or --harmless is given; with --only NAME,...
                    those alone

  --n N             rows of each condition (the study's own number)
  --seed S          of targets, prompt order and samples (0)
  --prompts FILE    lines with "prompt_dialogue" or "prompt", CSV with such a column, or plain text with a question a
                    line; gzipped or not (our own set; trade-off asks one prompt and takes no file)
  --skip-malformed  leave out lines that are no prompts, or no targets; else the first one ends the command
  --prompt TEXT     a question, or a dialogue that begins with "Human:", in place of a file
  --targets FILE    CSV, helpful,harmless a line: a condition more with these targets, or in a study that compares
                    policies the targets of all of them
  --judge NAME      reward model (the manifest's default)
  --heldout NAME    a second reward model that scores the same completions (another of the manifest's, if there is one)
  --out FILE        write the run here, a row a line; one that exists is resumed, also with more rows than before
  --record          write the run that the page shows, in src/data/studies; one cut short is resumed
${DRAWING_USAGE}

normalisers takes --judge alone.
reward-model takes, in place of these:
  --helpful FILE    pairs {"prompt_dialogue", "chosen", "rejected"} chosen for help, or lines of hh-rlhf
  --harmless FILE   pairs chosen for harmlessness
  --judge NAME, --second NAME (another judge to compare with), --skip-malformed, --record (figures alone, no text)

Prints the summary as JSON, a line a study: for each condition the match, mean rewards, distance from
the targets and paired differences, with 95 % intervals; and the seconds a row took. A condition whose
policy is not shipped says what it needs.`,

  async run([name = "", ...args], io) {
    if (name === REWARD_MODEL.name) return rewardModelStudy(readOptions(args, JUDGE_OPTIONS), io);
    if (name === NORMALISERS_STUDY.name) return normalisersStudy(readOptions(args, { judge: "text" }), io);
    if (name === ALL) return everyStudy(readOptions(args, ALL_OPTIONS), io);
    const chosen = STUDIES.find((candidate) => candidate.name === name);
    if (!chosen) {
      const known = KNOWN.map((candidate) => candidate.name).join(", ");
      throw new DialError(
        "invalid-option",
        `unknown study: ${JSON.stringify(name)}; expected one of ${known}, ${ALL}`,
      );
    }
    const options = readOptions(args, SAMPLED_OPTIONS);
    if (options.out !== undefined && options.record) {
      throw new DialError("invalid-option", "--out and --record name two places; give one");
    }
    await sampledStudy(chosen, options, io);
  },
};

/** One after the other; where one fails, the others are made all the same. */
async function everyStudy({ out, only, ...options }: Options<typeof ALL_OPTIONS>, io: CliIo): Promise<void> {
  if (out !== undefined) throw new DialError("invalid-option", "--out takes one study, not all of them");
  const { prompts: _, ...withoutFile } = options;
  const work = STUDIES.map((one): [string, () => Promise<void>] => [
    one.name,
    () => sampledStudy(one, one.onePrompt ? withoutFile : options, io),
  ]);
  const known = [...STUDIES, REWARD_MODEL].map(({ name }) => name);
  const wanted = only?.split(",").map((name) => choice("only", name, known)) ?? known;
  if (options.helpful !== undefined || options.harmless !== undefined) {
    work.push([REWARD_MODEL.name, () => rewardModelStudy(options, io)]);
  } else if (options.second !== undefined || (only !== undefined && wanted.includes(REWARD_MODEL.name))) {
    throw new DialError(
      "invalid-option",
      `${REWARD_MODEL.name} and --second need --helpful or --harmless: a file of pairs; see --help`,
    );
  }
  const failed: string[] = [];
  for (const [name, make] of work) {
    if (!wanted.includes(name)) continue;
    try {
      await make();
    } catch (error) {
      if (!(error instanceof DialError) || error.code === "aborted") throw error;
      failed.push(`${name}: ${error.message}`);
    }
  }
  if (failed.length > 0) throw new DialError("invalid-option", failed.join("; "));
}
