/** Every setting of every view as the text that was typed, kept in the address (see storage/fragment). */

import { effect, type Signal, signal } from "@preact/signals";
import { TARGET_MODELS } from "../domain/dataset/targetModels";
import { DEFAULT_SAMPLING } from "../runtimes/policy";
import { decodeFragment, encodeFragment, type Values } from "../storage/fragment";

export const VIEWS = ["play", "match", "studies", "dataset", "endpoint", "models"] as const;
export type View = (typeof VIEWS)[number];

const drawing = {
  temperature: String(DEFAULT_SAMPLING.temperature),
  topP: String(DEFAULT_SAMPLING.topP),
  topK: String(DEFAULT_SAMPLING.topK),
  minP: "0",
  repetitionPenalty: "1",
  /** One text; none written is none. */
  stop: "",
  maxTokens: String(DEFAULT_SAMPLING.maxTokens),
};

const sampling = {
  ...drawing,
  guidance: String(DEFAULT_SAMPLING.guidance),
  bestOf: "1",
};

const PLAY = {
  /** Texts of the turns as a JSON array, the first by the human, then in alternation. */
  dialogue: JSON.stringify(["How do I boil an egg so that the yolk stays soft?"]),
  helpful: "0.80",
  harmless: "0.80",
  count: "4",
  seed: "0",
  ...sampling,
};

const MATCH = { n: "100", targets: "uniform", seed: "0", run: "", ...sampling };

/** What is shown of the match that is open. */
const SHOWN = {
  /** Id of the run that is drawn under it; empty is none. */
  over: "",
  axis: "",
  prompts: "",
  targets: "",
  /** Whose rewards: empty is the judge's, "second" the second judge's. */
  judge: "",
  /** The row that is open. */
  row: "",
};

const STUDIES = {
  /** Of the study that is open; empty shows the list. */
  name: "",
  n: "32",
  seed: "0",
  /** The one prompt of a study that takes one; empty is its own. */
  prompt: "",
  /** The run that is shown, and the one under it; empty is the recorded one, and none. */
  run: "",
  over: "",
  /** Which rows are shown. */
  condition: "",
  axis: "",
  prompts: "",
  targets: "",
  /** The row that is open. */
  row: "",
  ...drawing,
};

/** Percentiles of the answer that the normalisers are shown on. */
const NORMALISED = { helpful: "0.90", harmless: "0.25" };

const DATASET = {
  model: "babbage-002",
  format: "bottom",
  normaliser: "quantile",
  /** Share of first questions. */
  validation: "0.1",
  /** Completions to label; none written means all. */
  limit: "",
  epochs: "3",
};

/** Prompts typed for Match and Studies, one a line; none written takes a file, or our own. */
const PROMPTS = { typed: "" };

/** Files of a run that a link names, by name: a link cannot carry them. Empty where it needs none. */
const LINKED = { prompts: "", targets: "" };

/** US dollars for a million training tokens, by name of the model. */
const PRICES: Values = Object.fromEntries(TARGET_MODELS.map(({ name, price }) => [name, String(price)]));

/** Name of an adapter that the user has added; empty for the one that comes with the page. */
const POLICY = { adapter: "" };

type Signals<T> = { readonly [K in keyof T]: Signal<string> };

const signals = <T extends Values>(defaults: T): Signals<T> =>
  Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, signal(value)])) as Signals<T>;

export const view = signal<View>("play");
export const play = signals(PLAY);
export const match = signals(MATCH);
export const matchShown = signals(SHOWN);
export const dataset = signals(DATASET);
export const prompts = signals(PROMPTS);
export const linked = signals(LINKED);
export const policy = signals(POLICY);
export const prices = signals(PRICES);

export const studies = signals(STUDIES);
export const normalised = signals(NORMALISED);

/** The settings that Play and Match both have, each its own; a study chooses some of them itself. */
export type SamplingSettings = Signals<typeof drawing> & Partial<Signals<typeof sampling>>;

const prefixed = <T>(prefix: string, record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).map(([name, value]) => [`${prefix}.${name}`, value]);

const ALL = Object.fromEntries([
  ...prefixed("play", play),
  ...prefixed("match", match),
  ...prefixed("shown", matchShown),
  ...prefixed("studies", studies),
  ...prefixed("normalised", normalised),
  ...prefixed("prompts", prompts),
  ...prefixed("linked", linked),
  ...prefixed("policy", policy),
  ...prefixed("dataset", dataset),
  ...prefixed("price", prices),
]);
const DEFAULTS = Object.fromEntries([
  ...prefixed("play", PLAY),
  ...prefixed("match", MATCH),
  ...prefixed("shown", SHOWN),
  ...prefixed("studies", STUDIES),
  ...prefixed("normalised", NORMALISED),
  ...prefixed("prompts", PROMPTS),
  ...prefixed("linked", LINKED),
  ...prefixed("policy", POLICY),
  ...prefixed("dataset", DATASET),
  ...prefixed("price", PRICES),
]);

const isView = (name: string): name is View => (VIEWS as readonly string[]).includes(name);

/** Changes to settings of one view, under the names that `linkTo` takes. */
export const prefixedBy = (prefix: string, changes: Values): Values =>
  Object.fromEntries(prefixed(prefix, changes));

/** The fragment that shows `target` with the settings as they are, but for `changes`. */
export function linkTo(target: View, changes: Values = {}): string {
  const values = Object.fromEntries(
    Object.entries(ALL).map(([name, { value }]) => [name, changes[name] ?? value]),
  );
  return encodeFragment(target, values, DEFAULTS);
}

function readAddress(): void {
  const { view: name, values } = decodeFragment(location.hash, DEFAULTS);
  view.value = isView(name) ? name : "play";
  for (const [key, setting] of Object.entries(ALL)) setting.value = values[key] ?? "";
}

const QUIET_MS = 250;

/** Reads the settings from the address, and keeps the address up to date from then on. */
export function followAddress(): void {
  /** The address as it was read or written last. */
  let known = "";
  const read = (): void => {
    known = location.hash;
    if (known !== linkTo(view.peek())) readAddress();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    clearTimeout(timer);
    // A link was followed, and the event that tells of it is still to come: written over, the link would be lost.
    if (location.hash !== known) {
      read();
      return;
    }
    const link = linkTo(view.peek());
    if (known !== link) history.replaceState(history.state, "", link);
    known = location.hash;
  };
  read();
  addEventListener("hashchange", read);
  effect(() => {
    linkTo(view.value);
    clearTimeout(timer);
    timer = setTimeout(write, QUIET_MS);
  });
  addEventListener("pagehide", write);
}
