import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

export type Fault = "damaged" | "failing";

/**
 * The plainest host there is: files under a sub-path, nothing else found.
 * @param faults by path inside the folder: what is served as other bytes than it is, and what is answered with 503.
 * @param headers sent with every file beside its type.
 */
export async function serveFolder(
  folder: string,
  base: string,
  faults: ReadonlyMap<string, Fault>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const inside = pathname.startsWith(base) ? pathname.slice(base.length) || "index.html" : null;
    const path = inside === null ? null : normalize(join(folder, inside));
    const found = path?.startsWith(folder) ? await stat(path).catch(() => null) : null;
    if (path === null || !found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const fault = faults.get(inside ?? "");
    if (fault !== undefined) {
      response.writeHead(fault === "damaged" ? 200 : 503).end("not what the manifest says");
      return;
    }
    response.writeHead(200, {
      ...headers,
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
      "Content-Length": found.size,
    });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return { url: `http://127.0.0.1:${address.port}${base}`, server };
}

/** Ends the server and every connection to it. */
export async function stopServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}
