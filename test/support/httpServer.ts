import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A request as it came, its body as text. */
export interface Received {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface HttpServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly received: Received[];
  close(): Promise<void>;
}

/** A server on the loopback that keeps what it is asked and lets pages of every origin read its answers. */
export async function serveHttp(
  answer: (request: Received, response: ServerResponse) => void | Promise<void>,
): Promise<HttpServer> {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS");
    response.setHeader("Access-Control-Allow-Headers", "authorization, content-type");
    response.setHeader("Access-Control-Expose-Headers", "retry-after, retry-after-ms");
    if (incoming.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
    received.push(request);
    await answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers = {}): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(value));
}

/** An error as OpenAI's API words it. */
export function sendError(
  response: ServerResponse,
  status: number,
  error: { readonly message: string; readonly param?: string; readonly code?: string },
  headers = {},
): void {
  const body = { type: "invalid_request_error", param: null, code: null, ...error };
  sendJson(response, status, { error: body }, headers);
}
