/**
 * The decode loop: the rows of all calls, each with its own prompt, seed and sampling parameters, in one ragged batch.
 *
 * A finished row leaves and a waiting row takes its place, whichever call it is of, so the batch stays full (continuous
 * batching; Yu et al., Orca, OSDI 2022). Guidance adds a second row with the null prompt.
 */

import { DialError } from "../../domain/errors";
import { uniform } from "../../domain/random";
import { TokenSampler } from "../../domain/sampling";
import type { Prefix, RowDecoder } from "./decoder";
import { nextTask } from "./nextTask";
import { PrefixCache } from "./prefixCache";
import { SampleCall } from "./sampleCall";
import type { OnToken, TokenCompletion, TokenRequest } from "./tokenRequest";

export interface SamplerOptions {
  /** Tokens that end a completion. */
  readonly endTokens: ReadonlySet<number>;
  /** Rows in a batch at most, 2 or more; a guided request takes two. */
  readonly maxRows: number;
  /** Bytes of prompts to keep for the next rows that begin as they do; the last prompt is kept in any case. */
  readonly prefixBytes: number;
}

export interface TokenSampleOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called for each token; where it returns true, the completion ends with it. */
  readonly onToken?: OnToken | undefined;
}

/** A request on its way. */
class Active {
  readonly tokens: number[] = [];
  logprob = 0;
  finish: "stop" | "length" | undefined;
  /** Tokens of prompt and completion, where a penalty asks for them. */
  readonly seen: Set<number> | undefined;

  constructor(
    readonly call: SampleCall,
    readonly index: number,
    readonly request: TokenRequest,
  ) {
    if ((request.sampling.repetitionPenalty ?? 1) !== 1) this.seen = new Set(request.ids);
  }
}

/** One row of the batch: a request's own, or the null row that guides it. */
interface Lane {
  readonly active: Active;
  readonly guides: boolean;
}

/** Prompts run between two steps at most, so that the rows on their way go on meanwhile. */
const PROMPTS_A_STEP = 4;

export class Sampler<P extends Prefix> {
  private readonly drawing: TokenSampler;
  private readonly prefixes: PrefixCache<P>;
  private readonly calls: SampleCall[] = [];
  private readonly lanes: Lane[] = [];
  private running = false;

  constructor(
    private readonly decoder: RowDecoder<P>,
    private readonly options: SamplerOptions,
  ) {
    this.drawing = new TokenSampler(decoder.vocabulary);
    this.prefixes = new PrefixCache(decoder, options.prefixBytes);
  }

  /** Yields each completion when it is done, in any order. Throws DialError "aborted" within a token of the signal. */
  async *sample(
    requests: readonly TokenRequest[],
    { signal, onToken }: TokenSampleOptions = {},
  ): AsyncGenerator<{ readonly index: number; readonly completion: TokenCompletion }, void> {
    const call = new SampleCall(requests, signal, onToken);
    this.calls.push(call);
    if (!this.running) void this.run();
    try {
      for (let next = await call.next(); next !== null; next = await call.next()) yield next;
    } finally {
      call.leave();
      await call.gone;
    }
  }

  /** Lets go of the prompts that are kept. For a sampler that is not used again: a device's memory is nobody else's to free. */
  close(): void {
    this.prefixes.clear();
  }

  /** Serves calls until there are none. Whatever fails here fails all of them. */
  private async run(): Promise<void> {
    this.running = true;
    try {
      while (this.calls.length > 0) {
        await nextTask(); // In which a stop can arrive.
        this.dismiss();
        await this.begin();
        if (this.lanes.length > 0) await this.step();
        this.dismiss();
      }
    } catch (error) {
      for (const call of this.calls) call.fail(error);
      this.prefixes.clear();
    } finally {
      this.lanes.length = 0;
      this.decoder.clear();
      for (const call of this.calls.splice(0)) call.dismiss();
      this.running = false;
    }
  }

  /** Lets go of finished rows, and of calls that are over with all of their rows. */
  private dismiss(): void {
    for (const call of this.calls) call.obeySignal();
    for (let lane = this.lanes.length - 1; lane >= 0; lane--) {
      const { active } = this.lanes[lane] as Lane;
      if (!active.finish && !active.call.over) continue;
      this.decoder.remove(lane);
      const last = this.lanes.pop() as Lane;
      if (lane < this.lanes.length) this.lanes[lane] = last;
    }
    for (const call of this.calls.filter(({ over }) => over)) {
      this.calls.splice(this.calls.indexOf(call), 1);
      call.dismiss();
    }
  }

  /** Puts waiting requests into free rows, in turn from the call that has the fewest. */
  private async begin(): Promise<void> {
    for (let prompts = 0; prompts < PROMPTS_A_STEP; ) {
      const call = this.calls.reduce<SampleCall | null>((fewest, other) => {
        if (other.waiting === null || other.over) return fewest;
        return fewest === null || this.rowsOf(other) < this.rowsOf(fewest) ? other : fewest;
      }, null);
      if (call?.waiting == null || !this.hasRoom(call.waiting.request)) return;
      const { index, request } = call.waiting;
      if (!this.prefixes.has(request.ids)) prompts++;
      const found = await this.prompts(call, request);
      if (found === null) return;
      const { own, guide } = found;
      call.begin();
      const active = new Active(call, index, request);
      this.accept(active, own.logits, guide?.logits);
      if (!active.finish) {
        this.admit(own, { active, guides: false });
        if (guide) this.admit(guide, { active, guides: true });
      }
      this.prefixes.trim();
    }
  }

  /** A request's prompt and the one that guides it; null where the call is over before they have run. */
  private async prompts(
    call: SampleCall,
    request: TokenRequest,
  ): Promise<{ own: P; guide: P | undefined } | null> {
    const pause = async () => {
      await nextTask();
      call.obeySignal();
      if (call.over) throw new DialError("aborted", "nobody waits for this prompt");
    };
    try {
      const own = await this.prefixes.get(request.ids, pause);
      const guide = width(request) === 2 ? await this.prefixes.get(request.nullIds, pause) : undefined;
      return { own, guide };
    } catch (error) {
      if (call.over) return null;
      throw error;
    }
  }

  private admit(prefix: P, lane: Lane): void {
    this.decoder.admit(prefix);
    this.lanes.push(lane);
  }

  private rowsOf(call: SampleCall): number {
    return this.lanes.filter(({ active }) => active.call === call).length;
  }

  /** Whether a request fits beside the rows on their way, as long as each may become. */
  private hasRoom(request: TokenRequest): boolean {
    const tokens = this.lanes.reduce(
      (longest, { active }) => Math.max(longest, most(active.request)),
      most(request),
    );
    const room = Math.min(this.options.maxRows, this.decoder.roomFor(tokens));
    return this.lanes.length === 0 || this.lanes.length + width(request) <= room;
  }

  private async step(): Promise<void> {
    const { decoder, lanes } = this;
    const logits = await decoder.step(lanes.map(({ active }) => active.tokens.at(-1) as number));
    const rowOf = (lane: number) =>
      logits.subarray(lane * decoder.vocabulary, (lane + 1) * decoder.vocabulary);
    const guides = new Map(lanes.map(({ active, guides }, lane) => [guides ? active : null, lane]));
    lanes.forEach(({ active, guides: isGuide }, lane) => {
      if (isGuide || active.call.over) return;
      const guide = guides.get(active);
      this.accept(active, rowOf(lane), guide === undefined ? undefined : rowOf(guide));
    });
  }

  private accept(active: Active, logits: Float32Array, nullLogits: Float32Array | undefined): void {
    const { call, index, request, tokens, seen } = active;
    const draw = uniform(request.seed, request.row, tokens.length);
    const { token, logprob } = this.drawing.draw(logits, request.sampling, draw, nullLogits, seen);
    tokens.push(token);
    seen?.add(token);
    active.logprob += logprob;
    const stopped = call.onToken?.(index, token);
    if (stopped === true || this.options.endTokens.has(token)) active.finish = "stop";
    else if (tokens.length === request.sampling.maxTokens) active.finish = "length";
    const { finish } = active;
    if (finish) call.deliver({ index, completion: { tokens, logprob: active.logprob, finish } });
  }
}

function width({ sampling }: TokenRequest): 1 | 2 {
  return sampling.guidance === 1 ? 1 : 2;
}

/** Tokens that a row of the request may come to have. */
function most({ ids, nullIds, sampling }: TokenRequest): number {
  return Math.max(ids.length, nullIds.length) + sampling.maxTokens;
}
