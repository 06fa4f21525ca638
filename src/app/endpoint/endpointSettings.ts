/**
 * What the user has typed about an endpoint. Not in the address: a link must not send somebody's prompts elsewhere.
 *
 * All but the key is kept in this browser. The key is in memory; where the user asks for it, also in this tab's session
 * storage, beside the base URL that it belongs to. Nothing else ever holds it.
 */

import { effect, type Signal, signal } from "@preact/signals";
import { PROMPT_FORMATS } from "../../domain/rewardPrompt";
import { ENDPOINT_KINDS, type Endpoint } from "../../runtimes/openai/endpoint";
import { readStored, type StorageKind, writeStored } from "../../storage/webStorage";

const SETTINGS = "reward-dial-endpoint";
const KEY = "reward-dial-endpoint-key";
const IN_USE = "reward-dial-endpoint-in-use";

const DEFAULTS = {
  baseUrl: "",
  model: "",
  kind: ENDPOINT_KINDS[0] as string,
  format: PROMPT_FORMATS[0] as string,
  /** Requests at the same time. */
  parallel: "4",
  /** US dollars for a million tokens. */
  promptPrice: "0",
  completionPrice: "0",
  trainModel: "babbage-002",
  epochs: "3",
  /** Empty where the endpoint is to choose, as the next. */
  batchSize: "",
  learningRateMultiplier: "",
  suffix: "",
  /** US dollars for a million tokens, of a model that the dataset page does not know. */
  trainPrice: "0",
};

type Name = keyof typeof DEFAULTS;
const NAMES = Object.keys(DEFAULTS) as Name[];

const kept = textsIn("local", SETTINGS);

export const settings = Object.fromEntries(
  NAMES.map((name) => [name, signal(kept[name] ?? DEFAULTS[name])]),
) as { readonly [K in Name]: Signal<string> };

const keptKey = textsIn("session", KEY);
const sameServer = keptKey.baseUrl === settings.baseUrl.peek();

export const key = signal(sameServer ? (keptKey.key ?? "") : "");
/** Whether the key stays in this tab over a reload. */
export const keepKey = signal(sameServer && keptKey.key !== undefined);

effect(() => {
  writeStored("local", SETTINGS, Object.fromEntries(NAMES.map((name) => [name, settings[name].value])));
});

effect(() => {
  const held = { baseUrl: settings.baseUrl.value, key: key.value };
  writeStored("session", KEY, keepKey.value ? held : null);
});

/**
 * Remembers in this tab that an endpoint is in use, so that it still is after a reload. Not where the key is
 * forgotten: nobody would answer.
 */
export function rememberInUse(endpoint: Endpoint | null): void {
  const works = key.value === "" || keepKey.value;
  writeStored("session", IN_USE, works ? endpoint : null);
}

/** Whether this very endpoint was in use before the page was loaded again. */
export function wasInUse(endpoint: Endpoint): boolean {
  return JSON.stringify(textsIn("session", IN_USE)) === JSON.stringify(endpoint);
}

function textsIn(storage: StorageKind, name: string): Readonly<Record<string, string>> {
  const entries = Object.entries(readStored(storage, name) ?? {});
  return Object.fromEntries(entries.filter(([, text]) => typeof text === "string"));
}
