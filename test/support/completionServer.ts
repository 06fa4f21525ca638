import type { ServerResponse } from "node:http";
import { type HttpServer, type Received, sendError, sendJson, serveHttp } from "./httpServer";

export const MODEL = "writer-1";

export interface Asked {
  readonly prompt?: string;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly seed?: number;
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly [name: string]: unknown;
}

type Handle = (asked: Asked, request: Received, response: ServerResponse) => boolean | Promise<boolean>;

/**
 * An endpoint that answers with a text of its own for each seed, streamed in two pieces of one token each.
 * @param before may answer in its place, and then gives true.
 */
export function serveCompletions(before: Handle = () => false): Promise<HttpServer> {
  return serveHttp(async (request, response) => {
    if (request.path === "/v1/models")
      return sendJson(response, 200, { object: "list", data: [{ id: MODEL }] });
    const asked = JSON.parse(request.body) as Asked;
    if (await before(asked, request, response)) return;
    if (asked.model !== MODEL) {
      return sendError(response, 404, { message: `The model ${asked.model} does not exist`, param: "model" });
    }
    stream(response, request.path.endsWith("/chat/completions"), asked);
  });
}

/** Answers a request with events of one choice each. */
export function sendChoices(response: ServerResponse, choices: readonly object[]): boolean {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  response.end(choices.map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`).join(""));
  return true;
}

/** Begins with two numbers, so that the fake judge can score it. */
export function textFor({ seed }: Pick<Asked, "seed">): string {
  return ` ${((seed ?? 0) % 100) / 100} 0.5 by seed ${seed}`;
}

function stream(response: ServerResponse, chat: boolean, asked: Asked): void {
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  const [first, ...rest] = textFor(asked).split(/(?= by)/);
  const send = (event: unknown) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  const told = "logprobs" in asked;
  const piece = (text: string, finish: string | null) => {
    const logprobs = chat ? { content: [{ token: text, logprob: -0.5 }] } : { token_logprobs: [-0.5] };
    const said = chat ? { delta: { content: text } } : { text };
    send({ choices: [{ index: 0, ...said, logprobs: told ? logprobs : null, finish_reason: finish }] });
  };
  piece(first ?? "", null);
  piece(rest.join(""), "stop");
  if ("stream_options" in asked) send({ choices: [], usage: { prompt_tokens: 30, completion_tokens: 2 } });
  response.end("data: [DONE]\n\n");
}
