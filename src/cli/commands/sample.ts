import { parseReward } from "../../domain/checkTarget";
import { parsePrompt } from "../../domain/dialogue";
import { AXES, type Axis, type Target } from "../../domain/reward";
import type { Row } from "../../domain/row";
import { match } from "../../experiments/match";
import { type Options, readOptions, required, wholeNumber } from "../arguments";
import { openChosenPolicy, POLICY_OPTIONS, POLICY_USAGE } from "../endpoint";
import type { Command } from "../io";
import { readSampling, SAMPLING_OPTIONS, SAMPLING_USAGE } from "../sampling";

const OPTIONS = {
  prompt: "text",
  helpful: "text",
  harmless: "text",
  n: "text",
  "best-of": "text",
  seed: "text",
  judge: "text",
  ...POLICY_OPTIONS,
  ...SAMPLING_OPTIONS,
} as const;

export const sample: Command = {
  summary: "complete a prompt at the rewards wanted, and score the completions",
  usage: `sample --prompt TEXT --helpful X --harmless Y [options]

  --prompt TEXT     a question, or a dialogue that begins with "Human:"
  --helpful X       wanted reward in [0, 1]; an axis left out is not mentioned in the prompt
  --harmless Y      likewise
  --n N             completions (1)
  --best-of K       candidates a completion; the one nearest to the target is kept (1)
  --seed S          the same seed gives the same text; an endpoint does its best (0)
${POLICY_USAGE}
  --judge NAME      reward model (the manifest's default)
${SAMPLING_USAGE}`,

  async run(args, { models, print, progress, signal }) {
    const options = readOptions(args, OPTIONS);
    const prompt = parsePrompt(required("prompt", options.prompt));
    const target = readTarget(options);
    const n = wholeNumber("n", options.n, 1, 1);
    const bestOf = wholeNumber("best-of", options["best-of"], 1, 1);
    const seed = wholeNumber("seed", options.seed, 0, 0);
    const sampling = readSampling(options);
    const { policy, spent } = await openChosenPolicy(options, { models, progress });
    const judge = await models.openJudge(options.judge);
    const rows: Row[] = [];
    const run = match(
      { prompts: [prompt], n, sampler: () => target, seed, bestOf, sampling, signal },
      policy,
      judge,
    );
    for await (const event of run) {
      if (event.kind === "row") rows.push(event.row);
      else progress(`${event.completions}/${n * bestOf} completions, ${event.tokens} tokens${spent()}`);
    }
    rows.sort((a, b) => a.row - b.row);
    print({
      completions: rows.map(({ completion, actual, logprob, tokens }) => {
        return { text: completion, actual, logprob, tokens };
      }),
    });
  },
};

function readTarget(options: Options<typeof OPTIONS>): Target {
  const target: Partial<Record<Axis, number>> = {};
  for (const axis of AXES) {
    const text = options[axis];
    if (text !== undefined) target[axis] = parseReward(text);
  }
  return target;
}
