import type { APIError } from "openai";
import { DialError, type ErrorCode } from "../../domain/errors";
import { stopped } from "../unlessAborted";
import type { Access } from "./endpoint";

/**
 * What went wrong at an endpoint, in words that say what to do. The key is never among them, though servers like to
 * quote it.
 * @param what was asked for, for the message: "the model babbage-002".
 */
export async function endpointFailure(
  error: unknown,
  baseUrl: string,
  access: Access,
  what: string,
): Promise<DialError> {
  if (error instanceof DialError) return error;
  const { APIError, APIConnectionError, APIConnectionTimeoutError, APIUserAbortError } = await import(
    "openai"
  );
  if (error instanceof APIUserAbortError) return stopped();
  if (error instanceof APIConnectionTimeoutError) return late(baseUrl);
  if (error instanceof APIConnectionError || !(error instanceof APIError)) return unanswered(baseUrl, access);
  const said = quoted(error, access.key);
  const fail = (code: ErrorCode, advice: string, recoverable = false): DialError =>
    new DialError(code, `${baseUrl}: ${said}; ${advice}`, recoverable);
  switch (error.status) {
    case 401:
    case 403:
      return fail("endpoint-key", `check the key, and that it may use ${what}`);
    case 402:
      return fail("endpoint-busy", "look at your balance there", true);
    case 404:
    case 405:
      return fail("endpoint-missing", `check the name of ${what} and the base URL, which often ends in /v1`);
    case 429:
      return fail(
        "endpoint-busy",
        "wait, ask for fewer answers in parallel, or look at your quota there",
        true,
      );
    case undefined:
      return fail("endpoint-failed", "try again", true);
    default:
      if (error.status >= 500)
        return fail("endpoint-failed", "its side has a problem; try again later", true);
      return fail("endpoint-refused", "change what it names, or choose another model or kind of endpoint");
  }
}

/** The server's own words, and its status before them. */
function quoted(error: InstanceType<typeof APIError>, key: string): string {
  const said = error.message.replace(/\s+/g, " ").trim();
  return key === "" ? said : said.replaceAll(key, "(your key)");
}

function late(baseUrl: string): DialError {
  const { origin } = new URL(baseUrl);
  return new DialError(
    "endpoint-unreachable",
    `${origin} did not answer in time: check the address, or try again later`,
    true,
  );
}

/** No answer that may be read. A browser does not say why, so the reasons are told apart from outside. */
async function unanswered(baseUrl: string, { answers }: Access): Promise<DialError> {
  const { hostname, origin } = new URL(baseUrl);
  if (globalThis.navigator?.onLine === false && !isThisMachine(hostname)) {
    return new DialError(
      "offline",
      `${origin} cannot be asked: this computer is offline; connect it and try again`,
      true,
    );
  }
  const answering = await answers?.(baseUrl);
  if (answering) {
    return new DialError(
      "endpoint-closed",
      `${origin} answers, but does not let a page of ${location.origin} read it (CORS): start the server so that it allows this origin, or use one that does`,
    );
  }
  const found = answering === null ? "gives no answer that this page may read" : "does not answer";
  return new DialError(
    "endpoint-unreachable",
    `${origin} ${found}: check the address, that the server runs, and that it allows pages of other origins (CORS)`,
    true,
  );
}

/** Whether a host is this computer, which is there without any network. */
export function isThisMachine(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
