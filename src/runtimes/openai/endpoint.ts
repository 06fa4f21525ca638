/** An OpenAI-compatible endpoint: where it is, which model answers there, and how it is asked. */

import { DialError } from "../../domain/errors";
import type { PromptFormat } from "../../domain/rewardPrompt";
import type { Setback } from "./setback";

/** chat: a message a turn. completions: the study's transcript as a text to go on with. */
export const ENDPOINT_KINDS = ["chat", "completions"] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

export interface Endpoint {
  /** As `checkBaseUrl` gives it. */
  readonly baseUrl: string;
  readonly model: string;
  readonly kind: EndpointKind;
  /** How rewards are written into its prompts. */
  readonly format: PromptFormat;
}

/** What a request needs beside the endpoint. None of it is ever written down. */
export interface Access {
  /** As `checkKey` gives it; empty where the endpoint wants none. */
  readonly key: string;
  readonly fetch: typeof fetch;
  /** Whether a server at this address answers at all, even one that lets no page read its answer; null where the browser does not tell. */
  readonly answers?: (url: string) => Promise<boolean | null>;
  /** Told at once of what the SDK otherwise waits after in silence. */
  readonly onSetback?: (setback: Setback) => void;
}

/**
 * The address without its last slash, such as "https://api.example.org/v1".
 * @throws DialError "invalid-option". What was typed is quoted only where it holds no secret.
 */
export function checkBaseUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new DialError(
      "invalid-option",
      "invalid base URL: expected an address such as https://api.example.org/v1 or http://127.0.0.1:8080/v1",
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new DialError(
      "invalid-option",
      `invalid base URL for ${url.host}: expected no user name, question mark or hash in it; a key has its own field`,
    );
  }
  return url.href.replace(/\/+$/, "");
}

/**
 * The key without the space around it.
 * @throws DialError "invalid-option", which does not quote it.
 */
export function checkKey(text: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]*$/.test(key)) return key;
  throw new DialError(
    "invalid-option",
    "invalid key: expected letters, digits and signs of ASCII with no space in between; copy it again",
  );
}

/** @throws DialError "invalid-option". */
export function checkModelName(text: string): string {
  const name = text.trim();
  if (name !== "") return name;
  throw new DialError("invalid-option", "no model: choose one of the endpoint's, or type its name");
}

/** What the completions of a policy there depend on beside the prompt, as a run's header has it. */
export function endpointIdentity({ baseUrl, model, kind, format }: Endpoint): Record<string, string> {
  return { [`${baseUrl} ${model}`]: `${kind}, ${format}` };
}
