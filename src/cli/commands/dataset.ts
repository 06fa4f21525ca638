import { readComparisons } from "../../domain/dataLines";
import { FINE_TUNING_TARGETS } from "../../domain/fineTuning";
import { PROMPT_FORMATS } from "../../domain/rewardPrompt";
import { dataset as label } from "../../experiments/dataset";
import { choice, readOptions, required } from "../arguments";
import type { Command } from "../io";
import { writeNewFile } from "../newFile";
import { readFile } from "../textFile";

const OPTIONS = { in: "text", out: "text", format: "text", target: "text", judge: "text" } as const;

export const dataset: Command = {
  summary: "label pairs of completions and write a file to fine-tune a policy on",
  usage: `dataset --in FILE --out FILE [options]

  --in FILE         lines of hh-rlhf {"chosen", "rejected"}, whole transcripts, or pairs
                    {"prompt_dialogue", "chosen", "rejected"}; gzipped or not
  --out FILE        JSON Lines; one that exists is replaced when all is done
  --format NAME     where the rewards stand: ${PROMPT_FORMATS.join(", ")} (${PROMPT_FORMATS[0]})
  --target NAME     completion: {"prompt", "completion"}; chat: {"messages"} (${FINE_TUNING_TARGETS[0]})
  --judge NAME      reward model (the manifest's default)

Prints {"pairs", "unsplit", "completions", "written", "duplicates", "empty", "bytes", "format", "target"}.
Dropped are pairs whose transcripts share no prompt (unsplit), and completions that came before to the
same prompt or have no text. A completion ends with a blank line and "Human:", the stop sequence.`,

  async run(args, { models, print, progress, signal }) {
    const options = readOptions(args, OPTIONS);
    const path = required("in", options.in);
    const out = required("out", options.out);
    const format = choice("format", options.format ?? PROMPT_FORMATS[0], PROMPT_FORMATS);
    const target = choice("target", options.target ?? FINE_TUNING_TARGETS[0], FINE_TUNING_TARGETS);
    const judge = await models.openJudge(options.judge);
    const result = await writeNewFile(out, async (append) => {
      const run = label(readFile(path, readComparisons), judge, { format, target, signal });
      let next = await run.next();
      for (; !next.done; next = await run.next()) {
        await append(next.value.text);
        progress(`${next.value.pairs} pairs, ${next.value.written} rows`);
      }
      return next.value;
    });
    print(result);
  },
};
