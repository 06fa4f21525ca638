/** The endpoint that the user has set up: trying it, putting it in the local policy's place, and what it has cost. */

import { computed, effect, signal, untracked } from "@preact/signals";
import { PROMPT_FORMATS } from "../../domain/rewardPrompt";
import { costOf, NO_USAGE, type Prices, type Usage } from "../../domain/spend";
import type { Door } from "../../runtimes/openai/door";
import {
  type Access,
  checkBaseUrl,
  checkModelName,
  ENDPOINT_KINDS,
  type Endpoint,
} from "../../runtimes/openai/endpoint";
import { EndpointPolicy } from "../../runtimes/openai/endpointPolicy";
import { listModels } from "../../runtimes/openai/listModels";
import type { Setback } from "../../runtimes/openai/setback";
import { storedAnswers } from "../../storage/answers";
import { engine } from "../engine/engine";
import { attempt, RULES, readChoice, readNumber } from "../fields";
import { here, keyFor, rememberInUse, settings, wasInUse } from "./endpointSettings";
import { nameOf, noteUsage, usageOf } from "./usage";

export type Trial =
  | { readonly kind: "none" }
  | { readonly kind: "asking" }
  | { readonly kind: "answered"; readonly models: readonly string[] }
  | { readonly kind: "failed"; readonly error: unknown };

/** Of the address that is set up now. */
export const trial = signal<Trial>({ kind: "none" });
/** The endpoint that runs use; null while they use the model of this tab. */
export const inUse = signal<Endpoint | null>(null);
/** Why the last press of Use did nothing. */
export const refused = signal<unknown>(null);
/** Set when the browser does not keep answers: a rerun then pays again. */
export const unkept = signal<unknown>(null);
/** What the run or job under way waits after, before the endpoint is asked again. */
export const setback = signal<Setback | null>(null);
/** Of the endpoint in use. */
export const usage = computed<Usage>(() => (inUse.value ? usageOf(inUse.value) : NO_USAGE));

/** Of the endpoint in use; null while a price cannot be read. */
export const prices = signal<Prices | null>(null);
/** US dollars; null while a price cannot be read. */
export const spent = computed(() => prices.value && costOf(usage.value, prices.value));

/** @throws DialError for the first setting that cannot be used. */
export function readEndpoint(): Endpoint {
  return {
    baseUrl: checkBaseUrl(settings.baseUrl.value),
    model: checkModelName(settings.model.value),
    kind: readChoice("kind of endpoint", settings.kind.value, ENDPOINT_KINDS),
    format: readChoice("reward format", settings.format.value, PROMPT_FORMATS),
  };
}

/** As they are set up now. */
function readPrices(): Prices | null {
  return attempt(() => ({
    prompt: readNumber(settings.promptPrice.value, RULES.price),
    completion: readNumber(settings.completionPrice.value, RULES.price),
  }));
}

/** Whether the endpoint that is set up now is the one in use, and so pays the prices that are typed. */
function setUpIsInUse(): boolean {
  const set = attempt(readEndpoint);
  return set !== null && inUse.value !== null && nameOf(set) === nameOf(inUse.value);
}

/** Host of the server that was asked last, for whatever; null before any was. */
export const asked = signal<string | null>(null);

/** By origin. None is closed: a request on its way through it would never end. */
const doors = new Map<string, Promise<Door>>();

function doorTo(baseUrl: string): Promise<Door> {
  const { host, origin } = new URL(baseUrl);
  asked.value = host;
  const found = doors.get(origin);
  if (found) return found;
  const opened = import("../../runtimes/openai/door").then(({ openDoor }) => openDoor(origin));
  doors.set(origin, opened);
  opened.catch(() => doors.delete(origin));
  return opened;
}

/** The frame that requests leave by is opened with the first of them. */
export function accessTo(baseUrl: string): Access {
  return {
    key: keyFor(baseUrl),
    fetch: async (...request) => (await doorTo(baseUrl)).fetch(...request),
    answers: async (url) => (await doorTo(baseUrl)).answers(url),
  };
}

/** The same for work that a SetbackNote stands beside. */
export function shownAccessTo(baseUrl: string): Access {
  return {
    ...accessTo(baseUrl),
    onSetback: (found) => {
      setback.value = found;
    },
  };
}

/** Asks the endpoint for its models, which costs nothing. */
export async function tryConnection(): Promise<void> {
  const asking: Trial = { kind: "asking" };
  const end = (found: Trial): void => {
    if (trial.peek() === asking) trial.value = found;
  };
  trial.value = asking;
  try {
    const baseUrl = checkBaseUrl(settings.baseUrl.peek());
    const models = await listModels(baseUrl, accessTo(baseUrl));
    if (trial.peek() === asking && settings.model.peek() === "") settings.model.value = models[0] ?? "";
    end({ kind: "answered", models });
  } catch (error) {
    end({ kind: "failed", error });
  }
}

/** Puts the endpoint, as it is set up now, in the place of this tab's policy. @returns whether it could; `refused` says why not. */
export function activate(): boolean {
  try {
    const endpoint = readEndpoint();
    const policy = new EndpointPolicy(endpoint, () => shownAccessTo(endpoint.baseUrl), {
      parallel: readNumber(settings.parallel.value, RULES.parallel),
      cache: { get: kept(storedAnswers.get, null), put: kept(storedAnswers.put, undefined) },
      onUsage: (more) => {
        noteUsage(endpoint, more);
        if (more.answers) setback.value = null;
      },
    });
    engine.remote.value = Object.assign(policy, {
      device: "remote" as const,
      deviceReason: `The policy answers from ${new URL(endpoint.baseUrl).origin}.`,
    });
    inUse.value = endpoint;
    prices.value = readPrices();
    refused.value = null;
    return true;
  } catch (error) {
    refused.value = error;
    return false;
  }
}

const set = attempt(readEndpoint);
if (set !== null && wasInUse(set)) activate();
effect(() => rememberInUse(inUse.value));
effect(() => {
  const typed = readPrices();
  // Typed for another endpoint, they hold once that is put in use.
  if (untracked(setUpIsInUse)) prices.value = typed;
});
effect(() => {
  void here.value;
  trial.value = { kind: "none" };
});
effect(() => {
  void engine.busy.value;
  setback.value = null;
});

/** Goes back to the policy of this tab. */
export function deactivate(): void {
  engine.remote.value = null;
  inUse.value = null;
}

/** A browser that keeps nothing must not end a run: it is said, and the answers are paid for. */
function kept<Args extends unknown[], Result>(
  work: (...args: Args) => Promise<Result>,
  otherwise: Result,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (error) {
      unkept.value = error;
      return otherwise;
    }
  };
}
