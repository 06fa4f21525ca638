/** Any OpenAI-compatible completions or chat endpoint as a policy. */

import { hasCode } from "../../domain/errors";
import { sha256 } from "../../domain/sha256";
import { estimatedTokens, type Usage } from "../../domain/spend";
import type { Completion, CompletionRequest, Policy, SampleOptions } from "../policy";
import { stopped, unlessAborted } from "../unlessAborted";
import { answerFiltered, isFilterRefusal } from "./answerFiltered";
import { openClient } from "./client";
import { concurrently } from "./concurrently";
import { type Access, type Endpoint, endpointIdentity } from "./endpoint";
import { endpointFailure } from "./endpointFailure";
import { type Answer, readAnswer, type Streamed } from "./readAnswer";
import { type RequestBody, refusedParameter, requestBody, withoutRefused } from "./requestBody";

/** Answers that were paid for, by the sha256 of all that they depend on. */
export interface AnswerCache {
  get(key: string): Promise<Answer | null>;
  put(key: string, answer: Answer): Promise<void>;
}

export interface EndpointPolicyOptions {
  /** Requests at the same time, >= 1. */
  readonly parallel: number;
  readonly cache?: AnswerCache;
  /** How often the SDK asks again; default 5. */
  readonly retries?: number;
  /** Called with what each answer adds. */
  readonly onUsage?: (more: Partial<Usage>) => void;
}

/** With the SDK's backoff, a quarter of a minute of patience; longer where the server says how long to wait. */
const RETRIES = 5;

export class EndpointPolicy implements Policy {
  readonly name: string;
  readonly models: Readonly<Record<string, string>>;
  /** Parameters that this server has said it does not take. */
  private readonly refused = new Set<string>();

  /** @param access asked before each request, so that a key that is corrected counts at once. */
  constructor(
    private readonly endpoint: Endpoint,
    private readonly access: () => Access,
    private readonly options: EndpointPolicyOptions,
  ) {
    this.name = endpoint.model;
    this.models = endpointIdentity(endpoint);
  }

  /** Refuses what no endpoint can do, before anything is paid for. */
  async check(requests: readonly CompletionRequest[]): Promise<void> {
    for (const request of requests) requestBody(this.endpoint, request);
  }

  /**
   * Where a filter holds an answer back, the others are asked for all the same.
   * @throws DialError "offline", "endpoint-...", "answer-filtered", "aborted", and what `check` throws.
   */
  async *sample(
    requests: readonly CompletionRequest[],
    { signal, onToken }: SampleOptions = {},
  ): AsyncGenerator<{ readonly index: number; readonly completion: Completion }, void> {
    const bodies = requests.map((request) => requestBody(this.endpoint, request));
    const tasks = bodies.map((body, index) => async (stop: AbortSignal) => {
      const answer = await this.answer(body, stop, (text) => onToken?.(index, text));
      const { text, tokens, logprob, finish } = answer;
      return { index, completion: { prompted: body.prompted, text, tokens, logprob, finish } };
    });
    yield* concurrently(tasks, this.options.parallel, isOfOneAnswer, signal);
  }

  private async answer(
    body: RequestBody,
    signal: AbortSignal,
    onText: (textSoFar: string) => void,
  ): Promise<Answer> {
    if (signal.aborted) throw stopped();
    const { cache, onUsage } = this.options;
    const key = await this.contentKey(body);
    const kept = await cache?.get(key);
    if (kept) {
      onUsage?.({ kept: 1 });
      onText(kept.text);
      return kept;
    }
    const { answer, filtered } = await this.ask(body, signal, onText);
    onUsage?.({ answers: 1, completionTokens: answer.tokens, ...promptUsage(answer, body) });
    if (filtered) throw answerFiltered(body.opening);
    await cache?.put(key, answer);
    return answer;
  }

  /** The seed is in the body, so that each row has an answer of its own. */
  private contentKey({ body }: RequestBody): Promise<string> {
    const { baseUrl, kind } = this.endpoint;
    return sha256(new TextEncoder().encode(JSON.stringify([baseUrl, kind, body])));
  }

  /** Asks; where the server refuses a parameter that an answer can do without, asks without it. */
  private async ask(
    body: RequestBody,
    signal: AbortSignal,
    onText: (textSoFar: string) => void,
  ): Promise<Streamed> {
    const { baseUrl, model } = this.endpoint;
    while (true) {
      const access = this.access();
      const sent = withoutRefused(body, this.refused);
      try {
        // The SDK sleeps between two tries without an eye on the signal.
        return await unlessAborted(this.stream({ ...body, body: sent }, access, signal, onText), signal);
      } catch (error) {
        if (signal.aborted) throw stopped();
        if (isFilterRefusal(error)) throw answerFiltered(body.opening);
        const refused = refusedParameter(sent, error);
        if (refused === null) throw await endpointFailure(error, baseUrl, access, `the model ${model}`);
        this.refused.add(refused);
      }
    }
  }

  private async stream(
    { prompted, body }: RequestBody,
    access: Access,
    signal: AbortSignal,
    onText: (textSoFar: string) => void,
  ): Promise<Streamed> {
    const { retries = RETRIES, onUsage } = this.options;
    const client = await openClient(this.endpoint.baseUrl, this.counted(access), retries);
    // Servers take more and less than the SDK's types say; `requestBody` knows what is sent.
    const path = this.endpoint.kind === "chat" ? "/chat/completions" : "/completions";
    const events = await client.post<AsyncIterable<unknown>>(path, { body, signal, stream: true });
    let pieces = 0;
    try {
      return await readAnswer(events, (text) => {
        pieces++;
        onText(text);
      });
    } catch (error) {
      // It tells what it takes money for with the last event, which now never comes.
      onUsage?.({ cut: 1, promptTokens: estimatedTokens(prompted), completionTokens: pieces });
      throw error;
    }
  }

  /** The same, with each setback counted. */
  private counted(access: Access): Access {
    return {
      ...access,
      onSetback: (setback) => {
        this.options.onUsage?.({ retries: 1 });
        access.onSetback?.(setback);
      },
    };
  }
}

const isOfOneAnswer = (error: unknown): boolean => hasCode(error, "answer-filtered");

/** What the prompt cost; a server that was asked without its usage, or knows none, does not tell. */
function promptUsage({ promptTokens }: Answer, { prompted }: RequestBody): Partial<Usage> {
  return promptTokens === null ? { untold: 1, promptTokens: estimatedTokens(prompted) } : { promptTokens };
}
