import { chatMessages } from "../../domain/chatMessages";
import { firstQuestion } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { END_MARKER } from "../../domain/fineTuning";
import { endpointSeed } from "../../domain/random";
import { formatPrompt, promptText } from "../../domain/rewardPrompt";
import { checkSampling, wholeSampling } from "../checkSampling";
import type { CompletionRequest } from "../policy";
import type { Endpoint } from "./endpoint";

export interface RequestBody {
  /** The prompt as a run keeps it: the transcript, or the messages as JSON. */
  readonly prompted: string;
  /** The dialogue's first question, by which an error names the prompt. */
  readonly opening: string;
  /** Of POST completions or chat/completions. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * The request for one completion. The seed is a function of the request's (seed, row); what a server makes of it is
 * its own affair: OpenAI calls it best effort.
 * @throws DialError "invalid-option" for sampling that no endpoint offers, "empty-prompt", "invalid-dialogue",
 *   "invalid-target".
 */
export function requestBody(endpoint: Endpoint, request: CompletionRequest): RequestBody {
  const { model, kind, format } = endpoint;
  const { dialogue, target, seed, row } = request;
  const sampling = wholeSampling(checkSampling(request.sampling));
  const { temperature, topP, topK, minP, repetitionPenalty, stop, maxTokens, guidance } = sampling;
  if (guidance !== 1) {
    throw new DialError("invalid-option", `invalid guidance: ${guidance}; an endpoint has none, expected 1`);
  }
  const opening = firstQuestion(dialogue);
  const common = {
    model,
    temperature,
    top_p: topP,
    ...(topK > 0 && { top_k: topK }),
    ...(minP > 0 && { min_p: minP }),
    ...(repetitionPenalty !== 1 && { repetition_penalty: repetitionPenalty }),
    max_tokens: maxTokens,
    seed: endpointSeed(seed, row),
    stream: true,
    stream_options: { include_usage: true },
  };
  if (kind === "chat") {
    const messages = chatMessages(dialogue, target, format);
    return {
      prompted: JSON.stringify(messages),
      opening,
      body: { ...common, messages, ...(stop.length > 0 && { stop }), logprobs: true },
    };
  }
  const prompt = promptText(formatPrompt(dialogue, target, format, "transcript"));
  // Of logprobs, 0 would be the sampled token alone, but some servers take it for none.
  return {
    prompted: prompt,
    opening,
    body: { ...common, prompt, stop: [END_MARKER, ...stop], logprobs: 1 },
  };
}

/** What a completion can do without, where a server refuses it. */
const DISPENSABLE = ["logprobs", "seed", "stream_options"];
/** What newer chat models call `max_tokens`. A completions endpoint would pass over the name, and sample 16 tokens. */
const RENAMED = { max_tokens: "max_completion_tokens" } as const;

/** Of a request that cannot be served as it is. */
const REFUSALS: readonly unknown[] = [400, 422];

/**
 * The parameter that a server refused, where the request can be made without it or under another
 * name; else null.
 */
export function refusedParameter(sent: Readonly<Record<string, unknown>>, error: unknown): string | null {
  if (!(error instanceof Error && "status" in error && REFUSALS.includes(error.status))) return null;
  const renamed = "messages" in sent && refusesName(error) ? Object.keys(RENAMED) : [];
  const names = [...DISPENSABLE, ...renamed].filter((name) => name in sent);
  const named = names.find((name) => "param" in error && error.param === name);
  return named ?? names.find((name) => error.message.includes(name)) ?? null;
}

/** Whether it is the name of a parameter that is refused, and not its value. */
function refusesName(error: Error): boolean {
  return (
    ("code" in error && error.code === "unsupported_parameter") ||
    /use \W?max_completion_tokens|not supported|unsupported/i.test(error.message)
  );
}

/** The body without what the server has refused before. */
export function withoutRefused({ body }: RequestBody, refused: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      if (!refused.has(name)) return [[name, value]];
      return name in RENAMED ? [[RENAMED[name as keyof typeof RENAMED], value]] : [];
    }),
  );
}
