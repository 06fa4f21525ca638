/**
 * What the user has typed about an endpoint. Not in the address: a link must not send somebody's prompts elsewhere.
 *
 * All but the keys is kept in this browser. Keys are in memory; where the user asks for it, also in this tab's session
 * storage. Nothing else ever holds them. Each belongs to the origin that it was typed for and goes to no other.
 */

import { computed, effect, type Signal, signal } from "@preact/signals";
import { PROMPT_FORMATS } from "../../domain/rewardPrompt";
import { checkBaseUrl, checkKey, ENDPOINT_KINDS, type Endpoint } from "../../runtimes/openai/endpoint";
import { readStored, type StorageKind, writeStored } from "../../storage/webStorage";
import { attempt } from "../fields";

const SETTINGS = "reward-dial-endpoint";
const KEYS = "reward-dial-endpoint-keys";
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
  trainPrice: "",
};

type Name = keyof typeof DEFAULTS;
const NAMES = Object.keys(DEFAULTS) as Name[];

const kept = textsIn("local", SETTINGS);

export const settings = Object.fromEntries(
  NAMES.map((name) => [name, signal(kept[name] ?? DEFAULTS[name])]),
) as { readonly [K in Name]: Signal<string> };

/** The address that is set up now; null while it is none. */
export const here = computed(() => attempt(() => checkBaseUrl(settings.baseUrl.value)));
const origin = computed(() => here.value && originOf(here.value));

/** By the origin that they were typed for. */
const keys = signal(textsIn("session", KEYS));
/** The key of the address that is set up now, as it is typed. */
export const key = signal("");
/** Whether keys stay in this tab over a reload. */
export const keepKey = signal(Object.keys(keys.peek()).length > 0);
/** Origins other than the one that is set up now which have a key. */
export const otherKeys = computed(() => {
  return Object.keys(keys.value).filter(
    (typedFor) => typedFor !== origin.value && keys.value[typedFor] !== "",
  );
});

effect(() => {
  key.value = keys.peek()[origin.value ?? ""] ?? "";
});

effect(() => {
  const { value: text } = key;
  const typedFor = origin.peek();
  if (typedFor !== null) keys.value = { ...keys.peek(), [typedFor]: text };
});

/** As they are kept, or were when this tab last changed one. */
let known: Readonly<Record<string, string>> = texts();

function texts(): Readonly<Record<Name, string>> {
  return Object.fromEntries(NAMES.map((name) => [name, settings[name].value])) as Record<Name, string>;
}

effect(() => {
  const now = texts();
  const changed = Object.entries(now).filter(([name, text]) => text !== known[name]);
  known = now;
  // The rest stays as it is kept: another tab may have changed it.
  if (changed.length > 0) {
    writeStored("local", SETTINGS, { ...textsIn("local", SETTINGS), ...Object.fromEntries(changed) });
  }
});

effect(() => writeStored("session", KEYS, keepKey.value ? keys.value : null));

/**
 * The key that was typed for this address; empty where there is none.
 * @throws DialError "invalid-option" where it cannot be one.
 */
export function keyFor(baseUrl: string): string {
  return checkKey(keys.value[originOf(baseUrl)] ?? "");
}

function originOf(baseUrl: string): string {
  return new URL(baseUrl).origin;
}

/**
 * Remembers in this tab that an endpoint is in use, so that it still is after a reload. Not where its key is
 * forgotten: nobody would answer.
 */
export function rememberInUse(endpoint: Endpoint | null): void {
  const works = endpoint !== null && (keepKey.value || !keys.value[originOf(endpoint.baseUrl)]);
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
