/** Joins the events of a streamed completion, of either kind of endpoint, to the completion. */

import * as v from "valibot";
import { DialError } from "../../domain/errors";
import type { Completion } from "../policy";
import { CONTENT_FILTER } from "./answerFiltered";

export interface Answer extends Omit<Completion, "prompted"> {
  /** As the server counts, for its bill; null where it does not tell. */
  readonly promptTokens: number | null;
}

export interface Streamed {
  readonly answer: Answer;
  /** Whether the server's filter ended it. It is paid for all the same. */
  readonly filtered: boolean;
}

const count = v.pipe(v.number(), v.minValue(0));
const optional = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(v.nullable(schema));

/** The parts that are read of completions' and chat's events; servers of one kind send parts of the other. */
const eventSchema = v.object({
  choices: optional(
    v.array(
      v.object({
        text: optional(v.string()),
        delta: optional(v.object({ content: optional(v.string()), refusal: optional(v.string()) })),
        finish_reason: optional(v.string()),
        logprobs: optional(
          v.object({
            token_logprobs: optional(v.array(v.nullable(v.number()))),
            content: optional(v.array(v.object({ logprob: v.nullable(v.number()) }))),
          }),
        ),
      }),
    ),
  ),
  usage: optional(v.object({ prompt_tokens: count, completion_tokens: optional(count) })),
});

/**
 * The space around a text is the format's, not the answer's.
 * @throws DialError "endpoint-failed" where the stream ends before the answer does, or is none.
 */
export async function readAnswer(
  events: AsyncIterable<unknown>,
  onText: (textSoFar: string) => void,
): Promise<Streamed> {
  let text = "";
  let pieces = 0;
  let finish: string | null = null;
  let usage: v.InferOutput<typeof eventSchema>["usage"] = null;
  const logprobs: (number | null)[] = [];
  let streams = false;
  for await (const event of unbroken(events)) {
    streams = true;
    const { choices, usage: told } = read(event);
    usage = told ?? usage;
    const choice = choices?.[0];
    if (!choice) continue;
    const piece = choice.text ?? (choice.delta?.content || choice.delta?.refusal || "");
    finish = choice.finish_reason ?? finish;
    logprobs.push(...logprobsOf(choice.logprobs));
    if (piece === "") continue;
    pieces++;
    text += piece;
    onText(text.trimStart());
  }
  if (!streams) throw unstreamed();
  if (finish === null) throw brokenOff();
  const answer: Answer = {
    text: text.trim(),
    tokens: usage?.completion_tokens ?? Math.max(pieces, logprobs.length),
    logprob: sumOf(logprobs),
    finish: finish === "length" ? "length" : "stop",
    promptTokens: usage?.prompt_tokens ?? null,
  };
  return { answer, filtered: finish === CONTENT_FILTER };
}

/** The events; an error that is not the server's own word for it is the connection's. */
async function* unbroken(events: AsyncIterable<unknown>): AsyncGenerator<unknown, void> {
  try {
    yield* events;
  } catch (error) {
    throw error instanceof Error && "status" in error ? error : brokenOff();
  }
}

function brokenOff(): DialError {
  return new DialError("endpoint-failed", "the endpoint's answer broke off in the middle; try again", true);
}

function unstreamed(): DialError {
  return new DialError("endpoint-failed", "the endpoint does not stream its answers; choose one that does");
}

function read(event: unknown): v.InferOutput<typeof eventSchema> {
  const result = v.safeParse(eventSchema, event);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new DialError(
    "endpoint-failed",
    `the endpoint's answer is not a completion: ${v.getDotPath(issue) ?? "event"}: ${issue.message}; check the kind of endpoint`,
  );
}

type Choice = NonNullable<NonNullable<v.InferOutput<typeof eventSchema>["choices"]>[number]>;

/** A log-probability a token; null for one that is not told. */
function logprobsOf(logprobs: Choice["logprobs"]): readonly (number | null)[] {
  const { token_logprobs, content } = logprobs ?? {};
  if (content) return content.map(({ logprob }) => logprob);
  return token_logprobs ?? [];
}

function sumOf(logprobs: readonly (number | null)[]): number | null {
  if (logprobs.length === 0 || !logprobs.every((logprob) => logprob !== null)) return null;
  return logprobs.reduce((sum, logprob) => sum + logprob, 0);
}
