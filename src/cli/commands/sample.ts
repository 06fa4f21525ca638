import { parseReward } from "../../domain/checkTarget";
import { parsePrompt } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { AXES, type Axis, type Target } from "../../domain/reward";
import { compareRows, type Row } from "../../domain/row";
import { match } from "../../experiments/match";
import type { Policy } from "../../runtimes/policy";
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
    if (bestOf > 1 && Object.keys(target).length === 0) {
      throw new DialError(
        "invalid-option",
        "--best-of needs --helpful or --harmless, the target to be near to",
      );
    }
    const seed = wholeNumber("seed", options.seed, 0, 0);
    const sampling = readSampling(options);
    const { policy, spent } = await openChosenPolicy(options, { models, progress });
    checkKnown(target, policy, bestOf);
    const judge = await models.openJudge(options.judge);
    const rows: Row[] = [];
    const run = match(
      { prompts: [prompt], n, sampler: () => target, seed, bestOf, sampling, signal },
      policy,
      judge,
    );
    try {
      for await (const event of run) {
        if (event.kind === "row") rows.push(event.row);
        else progress(`${event.completions}/${n * bestOf} completions, ${event.tokens} tokens${spent()}`);
      }
    } finally {
      // Also where it is stopped or fails: an endpoint has been paid for them.
      if (rows.length > 0) print({ completions: rows.toSorted(compareRows).map(completionOf) });
    }
  },
};

function completionOf({ completion, actual, logprob, tokens }: Row) {
  return { text: completion, actual, logprob, tokens };
}

/** @throws DialError "invalid-option" for an axis that would change nothing. */
function checkKnown(target: Target, { name, axes = AXES }: Policy, bestOf: number): void {
  const unknown = AXES.find((axis) => target[axis] !== undefined && !axes.includes(axis));
  if (unknown === undefined || bestOf > 1) return;
  throw new DialError(
    "invalid-option",
    `the policy ${name} does not know the ${unknown} reward; leave out --${unknown}, or choose by it with --best-of`,
  );
}

function readTarget(options: Options<typeof OPTIONS>): Target {
  const target: Partial<Record<Axis, number>> = {};
  for (const axis of AXES) {
    const text = options[axis];
    if (text !== undefined) target[axis] = parseReward(text);
  }
  return target;
}
