import { benchPrompt, LONG_PROMPT, SHORT_PROMPT } from "../../bench/prompt";
import { DialError } from "../../domain/errors";
import { bench as benchRows } from "../../experiments/bench";
import { benchMatch } from "../../experiments/benchMatch";
import type { BenchProgress, BenchResult } from "../../experiments/byTurns";
import { choice, readOptions, wholeNumber } from "../arguments";
import type { Command } from "../io";

const ROWS = [1, 4, 16, 64];
const ROOFLINE_ROWS = 16;
const PARTS = ["rows", "match"] as const;

export const bench: Command = {
  summary: "measure the sampler's speed beside that of transformers.js",
  usage: `bench [--threads N] [--repeats K] [--tokens T] [--only rows,match] [--match N] [--loop N]

  --threads N       of each runtime (all cores)
  --repeats K       timed runs of each work (5)
  --tokens T        sampled tokens a row (48)
  --only PARTS      rows, match or both (rows)
  --match N         rows of the match (100)
  --loop N          rows of it that the plain loop goes through, others in each repeat (10)

Prints medians of the repeats, their ranges, and each peer with how many times as fast ours is. prefill_tok_s: a prompt
of ${LONG_PROMPT} tokens until the first new one. decode_tok_s_R: new tokens a second of R rows of a prompt of
${SHORT_PROMPT} tokens. The peers are generate() over the same files, prompts and threads, all taking turns.
roofline: the least time of a step of ${ROOFLINE_ROWS} rows over the measured one.
match: our own prompts, a completion each, and its score; beside it a plain loop of generate() and score.`,

  async run(args, { models, print, progress, signal }) {
    const options = readOptions(args, {
      threads: "text",
      repeats: "text",
      tokens: "text",
      only: "text",
      match: "text",
      loop: "text",
    });
    const threads = options.threads === undefined ? undefined : wholeNumber("threads", options.threads, 1, 1);
    const repeats = wholeNumber("repeats", options.repeats, 1, 5);
    const tokens = wholeNumber("tokens", options.tokens, 2, 48);
    const only = (options.only ?? "rows").split(",").map((part) => choice("only", part, PARTS));
    const matchRows = wholeNumber("match", options.match, 1, 100);
    const loopRows = wholeNumber("loop", options.loop, 1, 10);
    if (!only.includes("match") && (options.match ?? options.loop) !== undefined) {
      throw new DialError("invalid-option", "--match and --loop are rows of a match: they need --only match");
    }
    const tokenizer = await models.readPolicyTokenizer();
    const { contestants, threads: used, leastStep, openMatch } = await models.openBench(threads);
    const told = { threads: used, repeats, tokens };
    const finish = async (run: AsyncGenerator<BenchProgress, BenchResult>) => {
      let next = await run.next();
      for (; !next.done; next = await run.next()) progress(`${next.value.runs}/${next.value.of} runs`);
      return next.value;
    };

    const rows = async () => {
      const { figures, peers } = await finish(
        benchRows(contestants, {
          longPrompt: benchPrompt(tokenizer, LONG_PROMPT),
          shortPrompt: benchPrompt(tokenizer, SHORT_PROMPT),
          rows: ROWS,
          tokens,
          repeats,
          signal,
        }),
      );
      const median = (name: string) => figures[name]?.median as number;
      const [batch, ...otherPeers] = peers;
      return {
        prefill_tok_s: median("prefill_tok_s"),
        decode_tok_s_1: median("decode_tok_s_1"),
        decode_tok_s_16: median("decode_tok_s_16"),
        roofline: (await leastStep(ROOFLINE_ROWS)) / median(`step_ms_${ROOFLINE_ROWS}`),
        peer: batch,
        other_peers: otherPeers,
        figures,
      };
    };
    const match = async () =>
      finish(benchMatch(await openMatch(tokens, loopRows), { rows: matchRows, repeats, signal }));

    print({
      ...(only.includes("rows") && (await rows())),
      ...(only.includes("match") && { match: { rows: matchRows, ...(await match()) } }),
      ...told,
    });
  },
};
