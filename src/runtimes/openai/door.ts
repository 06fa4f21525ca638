/**
 * The way out of the page to one origin.
 *
 * The page's own content security policy stays `connect-src 'self'`: nothing in it can send anything elsewhere. A
 * request to an endpoint is made with the `fetch` of a hidden frame, public/endpoint.html, whose policy is narrowed to
 * the origin that the user gave before any request. The browser thus guarantees that what the SDK or a mistake of ours
 * asks for goes to that origin or nowhere. It does not guard against a program that opens a frame of its own; that
 * there is none, and that nothing is sent before the user has set an endpoint up, is for test/e2e/remote.test.ts,
 * which records every request.
 */

import { DialError } from "../../domain/errors";
import type { Access } from "./endpoint";
import { isThisMachine } from "./endpointFailure";

const PAGE = "endpoint.html";
/** The same, isolated as strictly as the page itself. */
const STRICT_PAGE = `${PAGE}?require-corp`;
const TITLE = "Endpoint";

export type Door = Required<Pick<Access, "fetch" | "answers">>;

/**
 * The frame stays for as long as the page.
 * @param origin such as "https://api.example.org".
 * @throws DialError "invalid-option" where the browser would block every request; "endpoint-unreachable" where the
 *   frame does not load.
 */
export async function openDoor(origin: string): Promise<Door> {
  const { protocol, hostname } = new URL(origin);
  if (hostname.startsWith("[")) {
    throw new DialError(
      "invalid-option",
      `invalid base URL: ${origin} has an IPv6 address, which a browser's content policy cannot name; use a host name or an IPv4 address, such as localhost or 127.0.0.1`,
    );
  }
  if (location.protocol === "https:" && protocol === "http:" && !isThisMachine(hostname)) {
    throw new DialError(
      "invalid-option",
      `invalid base URL: ${origin} is not on https, and a browser lets no page on https ask such a server unless it is on the same computer; give it https, or open this page from your own computer`,
    );
  }
  const lenient = await openFrame(PAGE);
  // A browser that does not know the frame's own isolation, "credentialless", blocks it.
  const frame = lenient ?? (await openFrame(STRICT_PAGE));
  if (frame === null) {
    throw new DialError(
      "endpoint-unreachable",
      `${PAGE} of this page could not be loaded; reload the page`,
      true,
    );
  }
  const { inside, realm } = frame;
  const policy = inside.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = `connect-src ${origin}`;
  inside.head.append(policy);
  const ask = realm.fetch.bind(realm);
  return {
    fetch: ask,
    async answers(url) {
      // The strict frame is told of no answer that it may not read.
      if (lenient === null) return null;
      try {
        // The answer may not be read, but comes only where there is a server.
        await ask(url, { mode: "no-cors", credentials: "omit", cache: "no-store" });
        return true;
      } catch {
        return false;
      }
    },
  };
}

interface Frame {
  readonly inside: Document;
  readonly realm: Window & typeof globalThis;
}

/** Null where the page does not load in a frame. */
async function openFrame(page: string): Promise<Frame | null> {
  const frame = document.createElement("iframe");
  frame.src = new URL(page, document.baseURI).href;
  frame.hidden = true;
  frame.title = TITLE;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const { contentDocument: inside, contentWindow: realm } = frame;
  if (realm && inside?.title === TITLE) return { inside, realm: realm as Window & typeof globalThis };
  frame.remove();
  return null;
}
