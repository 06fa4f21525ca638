import type OpenAI from "openai";
import { DialError } from "../../domain/errors";
import type { Access } from "./endpoint";
import { readableError } from "./errorBody";

/**
 * All that is sent. The SDK's own headers are about this machine and from its environment: nobody's business, and not every
 * server lets a page send them.
 */
function headersOf(body: unknown, key: string): Record<string, string> {
  return {
    accept: "application/json",
    ...(typeof body === "string" && { "content-type": "application/json" }),
    ...(key !== "" && { authorization: `Bearer ${key}` }),
  };
}

/** A server answers a request that it will not serve with a status of these; the SDK waits and asks again. */
const isRetried = (status: number): boolean => [408, 409, 429].includes(status) || status >= 500;

/**
 * The SDK, which is loaded now and not before. Reads nothing from the environment and logs nothing.
 * @param retries times that a request is repeated after 408, 409, 429, 5xx or a lost connection; backoff and
 *   retry-after are the SDK's.
 * @throws DialError "endpoint-unreachable" where the SDK does not load.
 */
export async function openClient(
  baseUrl: string,
  { key, fetch, onSetback }: Access,
  retries: number,
): Promise<OpenAI> {
  const { default: Client } = await import("openai").catch(() => {
    throw new DialError(
      "endpoint-unreachable",
      "the part of this page that asks endpoints could not be loaded; reload the page",
      true,
    );
  });
  const tell = (status: number | null): void => {
    if (retries > 0) onSetback?.({ origin: new URL(baseUrl).origin, status });
  };
  return new Client({
    baseURL: baseUrl,
    // The SDK wants one; the key is sent below.
    apiKey: "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: retries,
    logLevel: "off",
    // The user's own key, on the user's own machine: there is no server of ours that it could be kept on.
    dangerouslyAllowBrowser: true,
    // Told the class of answers, the SDK does not make a request to find it out.
    fetch: Object.assign(
      async (url: string | URL | Request, init?: RequestInit) => {
        try {
          const response = await fetch(url, { ...init, headers: headersOf(init?.body, key) });
          if (isRetried(response.status)) tell(response.status);
          return await readableError(response);
        } catch (error) {
          if (!init?.signal?.aborted) tell(null);
          throw error;
        }
      },
      { Response },
    ),
  });
}
