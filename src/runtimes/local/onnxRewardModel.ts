/** A judge over an ONNX graph that reads prompt and completion together: prompt and completion in, a raw score an axis out, as percentiles too. */

import { Tokenizer } from "@huggingface/tokenizers";
import { cutAtSpecialTokens } from "../../domain/controlText";
import type { Dialogue } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { percentile } from "../../domain/normaliser";
import type { Reference } from "../../domain/reference";
import type { Example, RewardModel, Score } from "../rewardModel";
import { nextTask } from "./nextTask";
import { Queue } from "./queue";
import type { Session } from "./session";

/** Tokens of a prompt's end and of a completion's beginning that the judge was trained on. */
const PROMPT_TOKENS = 96;
const COMPLETION_TOKENS = 160;
const SPEAKERS = { human: "Human", assistant: "Assistant" } as const;

export interface EncodedExample {
  readonly ids: readonly number[];
  /** 0 for the prompt, 1 for the completion. */
  readonly types: readonly number[];
}

/** Turns examples into a judge's input ids. */
export interface ExampleEncoder {
  encode(example: Example): EncodedExample;
}

/** Examples for a judge with a tokenizer of its own. */
export class RewardTokenizer implements ExampleEncoder {
  private readonly tokenizer: Tokenizer;
  private readonly specials: readonly string[];
  private readonly start: number;
  private readonly separator: number;

  /** @param json the content of tokenizer.json. */
  constructor(json: string) {
    try {
      this.tokenizer = new Tokenizer(JSON.parse(json), {});
    } catch (error) {
      throw new DialError(
        "model-damaged",
        `the judge's tokenizer cannot be read: ${(error as Error).message}`,
      );
    }
    this.specials = [...this.tokenizer.get_added_tokens_decoder().values()].map(({ content }) => content);
    this.start = this.idOf("[CLS]");
    this.separator = this.idOf("[SEP]");
  }

  encode({ prompt, completion }: Example): EncodedExample {
    const first = [this.start, ...this.idsOf(judgedPrompt(prompt)).slice(-PROMPT_TOKENS), this.separator];
    const second = [...this.idsOf(completion.trim()).slice(0, COMPLETION_TOKENS), this.separator];
    return { ids: [...first, ...second], types: [...first.map(() => 0), ...second.map(() => 1)] };
  }

  /** Special tokens are read out of any text, so one that somebody typed is cut. */
  private idsOf(text: string): number[] {
    return cutAtSpecialTokens(text, this.specials).flatMap(
      (piece) => this.tokenizer.encode(piece, { add_special_tokens: false }).ids,
    );
  }

  private idOf(token: string): number {
    const id = this.tokenizer.token_to_id(token);
    if (id === undefined) throw new DialError("model-damaged", `the judge's tokenizer has no ${token} token`);
    return id;
  }
}

/** The prompt as the judge reads it: one turn a line, texts trimmed. */
export function judgedPrompt(dialogue: Dialogue): string {
  return dialogue.map(({ speaker, text }) => `${SPEAKERS[speaker]}: ${text.trim()}`).join("\n");
}

export class OnnxRewardModel<Block> implements RewardModel {
  private readonly queue = new Queue();

  constructor(
    readonly name: string,
    private readonly session: Session<Block>,
    private readonly encoder: ExampleEncoder,
    private readonly reference: Reference,
  ) {}

  /** One example a run, unpadded: a score is then the same whatever is scored beside it. */
  async score(
    examples: readonly Example[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Score[]> {
    const release = await this.queue.enter(signal);
    try {
      const scores: Score[] = [];
      for (const example of examples) {
        await nextTask();
        if (signal?.aborted) throw new DialError("aborted", "scoring was stopped", true);
        scores.push(await this.scoreOne(example));
      }
      return scores;
    } finally {
      release();
    }
  }

  private async scoreOne(example: Example): Promise<Score> {
    const { ids, types } = this.encoder.encode(example);
    const dims = [1, ids.length];
    const scores = await this.session.run({
      ints: {
        input_ids: { data: BigInt64Array.from(ids, BigInt), dims },
        token_type_ids: { data: BigInt64Array.from(types, BigInt), dims },
      },
      fetch: "scores",
    });
    const raw = { helpful: scores[0] as number, harmless: scores[1] as number };
    if (!Object.values(raw).every(Number.isFinite)) {
      throw new Error("the judge's output holds values that are not numbers");
    }
    return {
      raw,
      percentile: {
        helpful: percentile(raw.helpful, this.reference.helpful),
        harmless: percentile(raw.harmless, this.reference.harmless),
      },
    };
  }
}
