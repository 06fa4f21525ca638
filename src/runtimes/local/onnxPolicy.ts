/** A policy over an ONNX graph: prompts to tokens, the decode loop, tokens to text. */

import { type Dialogue, firstQuestion, quote } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { type Axis, type Target, targetOn } from "../../domain/reward";
import { formatPrompt, type PromptFormat, type PromptSegment, promptText } from "../../domain/rewardPrompt";
import { cutAtStop, withoutBegunStop } from "../../domain/stopTexts";
import { checkSampling } from "../checkSampling";
import type { Completion, CompletionRequest, Policy, SampleOptions } from "../policy";
import type { Prefix, RowDecoder } from "./decoder";
import { Sampler } from "./sampler";
import type { PolicyTokenizer, TextStream } from "./tokenizer";
import type { TokenRequest } from "./tokenRequest";

export interface OnnxPolicyOptions {
  readonly name: string;
  readonly format: PromptFormat;
  /** Rewards that its prompts give. */
  readonly axes: readonly Axis[];
  /** Tokens, prompt and completion together. */
  readonly context: number;
  /** Rows sampled at a time. */
  readonly maxRows: number;
  /** Bytes of prompts kept for those that begin as they do. */
  readonly prefixBytes: number;
}

interface Prepared {
  readonly prompted: string;
  readonly tokens: TokenRequest;
}

export class OnnxPolicy<P extends Prefix> implements Policy {
  readonly name: string;
  readonly axes: readonly Axis[];
  private readonly sampler: Sampler<P>;

  constructor(
    decoder: RowDecoder<P>,
    private readonly tokenizer: PolicyTokenizer,
    private readonly options: OnnxPolicyOptions,
  ) {
    this.name = options.name;
    this.axes = options.axes;
    const { maxRows, prefixBytes } = options;
    this.sampler = new Sampler(decoder, { endTokens: tokenizer.endTokens, maxRows, prefixBytes });
  }

  /** Tokenises few prompts: a token is a byte of UTF-8 at least, so a prompt of few bytes fits. */
  async check(requests: readonly CompletionRequest[]): Promise<void> {
    const encoder = new TextEncoder();
    for (const request of requests) {
      const text = promptText(this.format(request.dialogue, request.target));
      if (encoder.encode(text).length > this.room(request)) this.prepare(request);
    }
  }

  /** Calls made at the same time share the batch. */
  async *sample(
    requests: readonly CompletionRequest[],
    { signal, onToken }: SampleOptions = {},
  ): AsyncGenerator<{ readonly index: number; readonly completion: Completion }, void> {
    const prepared = requests.map((request) => this.prepare(request));
    const texts = new Map<number, TextStream>();
    const completions = this.sampler.sample(
      prepared.map(({ tokens }) => tokens),
      {
        signal,
        onToken: (index, token) => {
          const stream = texts.get(index) ?? this.tokenizer.textStream();
          texts.set(index, stream);
          const stops = requests[index]?.sampling.stop ?? [];
          const { text, stopped } = cutAtStop(stream.push(token), stops);
          onToken?.(index, stopped ? text : withoutBegunStop(text, stops));
          return stopped;
        },
      },
    );
    for await (const { index, completion } of completions) {
      const { prompted } = prepared[index] as Prepared;
      const { text } = cutAtStop(texts.get(index)?.end() ?? "", requests[index]?.sampling.stop ?? []);
      texts.delete(index);
      const { tokens, logprob, finish } = completion;
      yield { index, completion: { prompted, text, tokens: tokens.length, logprob, finish } };
    }
  }

  private prepare(request: CompletionRequest): Prepared {
    const { dialogue, target, seed, row, sampling } = request;
    checkSampling(sampling);
    const asked = this.encode(dialogue, target);
    const nullIds = sampling.guidance === 1 ? [] : this.encode(dialogue, null).ids;
    const room = this.room(request);
    const length = Math.max(asked.ids.length, nullIds.length);
    if (length > room) {
      throw new DialError(
        "prompt-too-long",
        `the prompt ${quote(firstQuestion(dialogue))} has ${length} tokens; with ${sampling.maxTokens} new ones it may ` +
          `have ${Math.max(0, room)} at most: shorten it or ask for fewer tokens`,
      );
    }
    return { prompted: asked.prompted, tokens: { ids: asked.ids, nullIds, seed, row, sampling } };
  }

  /** Tokens that the prompt may have. */
  private room({ sampling }: CompletionRequest): number {
    return this.options.context - sampling.maxTokens;
  }

  private encode(dialogue: Dialogue, target: Target | null): { prompted: string; ids: number[] } {
    const segments = this.format(dialogue, target);
    return { prompted: promptText(segments), ids: this.tokenizer.encodePrompt(segments) };
  }

  private format(dialogue: Dialogue, target: Target | null): PromptSegment[] {
    const { format, axes } = this.options;
    return formatPrompt(dialogue, target && targetOn(target, axes), format, "chat");
  }
}
