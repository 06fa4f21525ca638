import { bench as runBench } from "../../experiments/bench";
import { readOptions, wholeNumber } from "../arguments";
import type { Command } from "../io";

const LONG_PROMPT = 512;
const SHORT_PROMPT = 64;
const TOKENS = 65;
const REPEATS = 5;

export const bench: Command = {
  summary: "measure the sampler's speed beside that of transformers.js",
  usage: `bench [--threads N]

  --threads N       of each runtime (all cores)

Prints {"prefill_tok_s", "decode_tok_s_1", "decode_tok_s_16", "peer": {...}, "ratio": {...}}: medians of
${REPEATS} repeats in tokens per second, with ranges. prefill: a prompt of ${LONG_PROMPT} tokens, until the first new
token. decode: after the first, ${TOKENS - 1} new tokens a row of a prompt of ${SHORT_PROMPT}, in 1 row and in 16. The peer is
generate() over the same files, prompts and threads, in one batch, the two taking turns.`,

  async run(args, { models, print, progress, signal }) {
    const options = readOptions(args, { threads: "text" });
    const threads = options.threads === undefined ? undefined : wholeNumber("threads", options.threads, 1, 1);
    const { ours, peer, prompt, threads: used } = await models.openBench(threads);
    const run = runBench(ours, peer, {
      longPrompt: prompt(LONG_PROMPT),
      shortPrompt: prompt(SHORT_PROMPT),
      tokens: TOKENS,
      repeats: REPEATS,
      signal,
    });
    let next = await run.next();
    for (; !next.done; next = await run.next()) progress(`${next.value.runs}/${next.value.of} runs`);
    print({ ...next.value, threads: used });
  },
};
