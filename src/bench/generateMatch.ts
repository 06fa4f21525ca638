import { formatPrompt, type PromptFormat } from "../domain/rewardPrompt";
import type { MatchContestant } from "../experiments/benchMatch";
import { type PlannedRow, rowPlanner } from "../experiments/planRow";
import type { PolicyTokenizer } from "../runtimes/local/tokenizer";
import type { RewardModel } from "../runtimes/rewardModel";
import type { MatchOf } from "./matchOf";
import type { Generate } from "./plainGenerate";

export interface GenerateMatchParts {
  readonly generate: Generate;
  readonly tokenizer: PolicyTokenizer;
  /** Of the policy's prompts. */
  readonly format: PromptFormat;
  readonly judge: RewardModel;
}

/** The same match as a plain loop: `generate` a row, score it with the same judge, go on to the next. */
export function generateMatch(
  name: string,
  options: MatchOf,
  { generate, tokenizer, format, judge }: GenerateMatchParts,
  mostRows: number,
): MatchContestant {
  const promptOf = ({ dialogue, requests }: PlannedRow): number[] => {
    const target = requests[0]?.target ?? null;
    return tokenizer.encodePrompt(formatPrompt(dialogue, target, format, "chat"));
  };
  return {
    name: `${name}, then score`,
    mostRows,
    async run(seed, from, rows) {
      const asked = options(seed, from, rows);
      const plan = rowPlanner(asked);
      const { endTokens } = tokenizer;
      const start = performance.now();
      let tokens = 0;
      for (let row = 0; row < rows; row++) {
        const planned = plan(row);
        const ids = promptOf(planned);
        const { sampled } = await generate({ ids, rows: 1, tokens: asked.sampling.maxTokens, endTokens });
        tokens += sampled.length;
        const stream = tokenizer.textStream();
        for (const token of sampled) stream.push(token);
        await judge.score([{ prompt: planned.dialogue, completion: stream.end() }]);
      }
      return { total: performance.now() - start, tokens };
    },
  };
}
