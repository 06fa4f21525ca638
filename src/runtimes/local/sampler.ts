/**
 * The decode loop: many rows, each with its own prompt, seed and sampling parameters, in one ragged batch.
 *
 * A prompt that rows share is run once. A finished row leaves and the next waiting row takes its place, so the batch
 * stays full (continuous batching; Yu et al., Orca, OSDI 2022). Guidance adds a second row with the null prompt.
 */

import { DialError } from "../../domain/errors";
import { uniform } from "../../domain/random";
import { TokenSampler } from "../../domain/sampling";
import type { SamplingParameters } from "../policy";
import type { Prefix, RowDecoder } from "./decoder";
import { nextTask } from "./nextTask";

export interface TokenRequest {
  /** Token ids of the prompt, at least one. */
  readonly ids: readonly number[];
  /** Token ids of the same prompt with the null reward; read where guidance is not 1. */
  readonly nullIds: readonly number[];
  readonly seed: number;
  readonly row: number;
  readonly sampling: SamplingParameters;
}

export interface TokenCompletion {
  /** Sampled tokens, the end token included. */
  readonly tokens: readonly number[];
  readonly logprob: number;
  readonly finish: "stop" | "length";
}

export interface DecodeOptions {
  /** Tokens that end a completion. */
  readonly endTokens: ReadonlySet<number>;
  /** Rows in a batch at most; a guided request takes two. */
  readonly maxRows: number;
  readonly signal?: AbortSignal | undefined;
  readonly onToken?: ((index: number, token: number) => void) | undefined;
}

class Active {
  readonly tokens: number[] = [];
  logprob = 0;
  finish: "stop" | "length" | undefined;

  constructor(
    readonly index: number,
    readonly request: TokenRequest,
  ) {}
}

/** One row of the batch: a request's own, or the null row that guides it. */
interface Lane {
  readonly active: Active;
  readonly guides: boolean;
}

/** Yields each completion when it is done, in any order. Throws DialError "aborted" within a token of the signal. */
export async function* decode<P extends Prefix>(
  decoder: RowDecoder<P>,
  requests: readonly TokenRequest[],
  options: DecodeOptions,
): AsyncGenerator<{ readonly index: number; readonly completion: TokenCompletion }, void> {
  const sampler = new TokenSampler(decoder.vocabulary);
  const prefixes = new Prefixes(decoder, requests, () => pause(options.signal));
  const room = Math.max(2, Math.min(options.maxRows, decoder.roomFor(longest(requests))));
  const lanes: Lane[] = [];
  const order = grouped(requests);
  let next = 0;

  function accept(active: Active, logits: Float32Array, nullLogits: Float32Array | undefined): void {
    const { request, tokens } = active;
    const draw = uniform(request.seed, request.row, tokens.length);
    const { token, logprob } = sampler.draw(logits, request.sampling, draw, nullLogits);
    tokens.push(token);
    active.logprob += logprob;
    if (options.endTokens.has(token)) active.finish = "stop";
    else if (tokens.length === request.sampling.maxTokens) active.finish = "length";
    options.onToken?.(active.index, token);
  }

  try {
    while (next < order.length || lanes.length > 0) {
      const done: Active[] = [];
      for (; next < order.length; next++) {
        const { index, request } = order[next] as (typeof order)[number];
        if (lanes.length + width(request) > room) break;
        const active = new Active(index, request);
        const guided = width(request) === 2;
        const prefix = await prefixes.get(request.ids);
        const guide = guided ? await prefixes.get(request.nullIds) : undefined;
        accept(active, prefix.logits, guide?.logits);
        if (active.finish) {
          done.push(active);
        } else {
          for (const [source, guides] of [
            [prefix, false],
            [guide, true],
          ] as const) {
            if (source === undefined) continue;
            decoder.admit(source);
            lanes.push({ active, guides });
          }
        }
        prefixes.leave(request.ids);
        if (guided) prefixes.leave(request.nullIds);
      }

      if (lanes.length > 0) {
        await pause(options.signal);
        const logits = await decoder.step(lanes.map(({ active }) => active.tokens.at(-1) as number));
        const rowOf = (lane: number) =>
          logits.subarray(lane * decoder.vocabulary, (lane + 1) * decoder.vocabulary);
        lanes.forEach(({ active, guides }, lane) => {
          if (guides) return;
          const guide = lanes.findIndex((other) => other.guides && other.active === active);
          accept(active, rowOf(lane), guide < 0 ? undefined : rowOf(guide));
          if (active.finish) done.push(active);
        });
        for (let lane = lanes.length - 1; lane >= 0; lane--) {
          if (!lanes[lane]?.active.finish) continue;
          decoder.remove(lane);
          const last = lanes.pop() as Lane;
          if (lane < lanes.length) lanes[lane] = last;
        }
      }

      for (const { index, tokens, logprob, finish } of done) {
        yield { index, completion: { tokens, logprob, finish: finish as "stop" | "length" } };
      }
    }
  } finally {
    prefixes.release();
    decoder.clear();
  }
}

/** Gives the event loop a turn, in which a stop can arrive, and obeys it. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await nextTask();
  if (signal?.aborted) throw new DialError("aborted", "sampling was stopped", true);
}

function width({ sampling }: TokenRequest): 1 | 2 {
  return sampling.guidance === 1 ? 1 : 2;
}

function longest(requests: readonly TokenRequest[]): number {
  const lengths = requests.map(({ ids, nullIds, sampling }) => {
    return Math.max(ids.length, nullIds.length) + sampling.maxTokens;
  });
  return lengths.reduce((a, b) => Math.max(a, b), 1);
}

/** Requests in the order of service: those of one prompt together, so that it is run once and dropped soon. */
function grouped(requests: readonly TokenRequest[]): readonly { index: number; request: TokenRequest }[] {
  const groups = new Map<string, { index: number; request: TokenRequest }[]>();
  requests.forEach((request, index) => {
    const key = request.ids.join();
    const group = groups.get(key);
    if (group) group.push({ index, request });
    else groups.set(key, [{ index, request }]);
  });
  return [...groups.values()].flat();
}

/** Prompts kept at most; those of one request are two. */
const KEPT_PREFIXES = 8;

/** Prompts that were run, kept while a waiting row needs them and there is room. */
class Prefixes<P extends Prefix> {
  private readonly waiting = new Map<string, number>();
  /** In the order of their last use. */
  private readonly ready = new Map<string, P>();

  constructor(
    private readonly decoder: RowDecoder<P>,
    requests: readonly TokenRequest[],
    private readonly pause: () => Promise<void>,
  ) {
    for (const request of requests) {
      this.enter(request.ids);
      if (width(request) === 2) this.enter(request.nullIds);
    }
  }

  async get(ids: readonly number[]): Promise<P> {
    const key = ids.join();
    const found = this.ready.get(key) ?? (await this.decoder.prefill(ids, this.pause));
    this.ready.delete(key);
    this.ready.set(key, found);
    for (const oldest of this.ready.keys()) {
      if (this.ready.size <= KEPT_PREFIXES) break;
      this.drop(oldest);
    }
    return found;
  }

  leave(ids: readonly number[]): void {
    const key = ids.join();
    const left = (this.waiting.get(key) as number) - 1;
    this.waiting.set(key, left);
    if (left === 0) this.drop(key);
  }

  release(): void {
    for (const key of this.ready.keys()) this.drop(key);
  }

  private enter(ids: readonly number[]): void {
    const key = ids.join();
    this.waiting.set(key, (this.waiting.get(key) ?? 0) + 1);
  }

  private drop(key: string): void {
    this.ready.get(key)?.release();
    this.ready.delete(key);
  }
}
