/** Starting a fine-tuning job: the files, what it will cost, and only then the upload and the job. */

import { effect, type Signal, signal } from "@preact/signals";
import { countRow } from "../../domain/dataset/countTokens";
import { type Encoding, TARGET_MODELS, trainingCost } from "../../domain/dataset/targetModels";
import { DialError, type ErrorCode, hasCode } from "../../domain/errors";
import type { FineTuningFile } from "../../domain/fineTuningFile";
import { readFineTuningRows } from "../../domain/fineTuningRows";
import { ofFile } from "../../domain/ofFile";
import type { PromptFormat } from "../../domain/rewardPrompt";
import { checkBaseUrl, checkModelName, type EndpointKind } from "../../runtimes/openai/endpoint";
import { FineTuning, type JobRequest } from "../../runtimes/openai/fineTuning";
import { tokenCounter } from "../../runtimes/tokenCounter";
import { stopped } from "../../runtimes/unlessAborted";
import { isGzipped, textChunks } from "../../storage/textChunks";
import { RULES, readNumber } from "../fields";
import { prices } from "../settings";
import { setback, shownAccessTo } from "./connection";
import { settings } from "./endpointSettings";
import { follow, kindOf } from "./jobs";

export interface ChosenFile {
  readonly name: string;
  readonly content: Blob;
  /** How its prompts give rewards; only of a file that the dataset page made. */
  readonly format?: PromptFormat;
}

/** What is about to be done and paid for. */
export interface Quote {
  readonly baseUrl: string;
  readonly request: Omit<JobRequest, "trainingFile" | "validationFile">;
  readonly training: ChosenFile;
  readonly validation: ChosenFile | null;
  readonly kind: EndpointKind;
  readonly rows: number;
  /** That one epoch trains on. */
  readonly tokens: number;
  /** US dollars for a million of them. */
  readonly price: number;
  /** US dollars in all. */
  readonly cost: number;
}

export type Step =
  | { readonly kind: "idle" }
  /** A request that may have been paid for cannot be stopped. */
  | { readonly kind: "working"; readonly what: string; readonly stoppable: boolean }
  | { readonly kind: "quoted"; readonly quote: Quote }
  | { readonly kind: "failed"; readonly error: unknown };

export const training = signal<ChosenFile | null>(null);
export const validation = signal<ChosenFile | null>(null);
export const step = signal<Step>({ kind: "idle" });

/** Where a model is not known, its tokens are counted in the encoding of the newest. */
const USUAL_ENCODING: Encoding = "o200k_base";
const POLICY_TOKENIZER = "models/policy/tokenizer.json";

/** Takes a file of the dataset page, and for training the model that it was made for. */
export function takeMade(file: FineTuningFile): void {
  if (file.split === "train") {
    training.value = file;
    settings.trainModel.value = file.model;
  } else validation.value = file;
  cancel();
}

/** The price of training a model, as it stands on the dataset page where that has it. */
export function trainingPrice(): Signal<string> {
  return prices[settings.trainModel.value.trim()] ?? settings.trainPrice;
}

let abort: AbortController | null = null;

const COUNTING = "Counting tokens";

/** Reads the files and says what training on them will cost. Nothing is sent. */
export function quote(): Promise<void> {
  return work(COUNTING, async (signal) => {
    show({ kind: "quoted", quote: await readQuote(signal) }, signal);
  });
}

async function readQuote(signal: AbortSignal): Promise<Quote> {
  const file = training.peek();
  if (file === null) throw new DialError("invalid-option", "no training file: choose one first");
  const model = checkModelName(settings.trainModel.peek());
  const price = readNumber(trainingPrice().peek(), RULES.price);
  const optional = (text: string, rule: typeof RULES.batchSize | typeof RULES.learningRateMultiplier) =>
    readNumber(text, rule) || null;
  const request = {
    model,
    epochs: readNumber(settings.epochs.peek(), RULES.epochs),
    batchSize: optional(settings.batchSize.peek(), RULES.batchSize),
    learningRateMultiplier: optional(settings.learningRateMultiplier.peek(), RULES.learningRateMultiplier),
    suffix: checkSuffix(settings.suffix.peek()),
  };
  const baseUrl = checkBaseUrl(settings.baseUrl.peek());
  const counted = await countFile(file, model, signal);
  checkKind(file, counted.kind, model, kindOf(model));
  const held = validation.peek();
  if (held !== null) {
    const { kind } = await countFile(held, model, signal);
    checkKind(held, kind, file.name, counted.kind);
  }
  const cost = trainingCost(counted.tokens, request.epochs, price);
  return { baseUrl, request, training: file, validation: held, ...counted, price, cost };
}

const ROWS: Readonly<Record<EndpointKind, string>> = {
  chat: "messages",
  completions: "prompts and completions",
};

/** @throws DialError "invalid-option" where the rows of a file are not as what it goes with has them. */
function checkKind(
  { name }: ChosenFile,
  kind: EndpointKind,
  other: string,
  wanted: EndpointKind | null,
): void {
  if (wanted === null || wanted === kind) return;
  throw new DialError(
    "invalid-option",
    `${name} has ${ROWS[kind]}, but ${other} goes with ${ROWS[wanted]}: choose another file or model`,
  );
}

/** @throws DialError "invalid-json-line" naming file and line, "invalid-option" where the file is empty or gzipped. */
async function countFile(
  file: ChosenFile,
  model: string,
  signal: AbortSignal,
): Promise<Pick<Quote, "rows" | "tokens" | "kind">> {
  const encoding = TARGET_MODELS.find(({ name }) => name === model)?.encoding ?? USUAL_ENCODING;
  const count = await tokenCounter(encoding, async () =>
    (await fetch(new URL(POLICY_TOKENIZER, document.baseURI))).text(),
  );
  let [rows, tokens] = [0, 0];
  let kind: EndpointKind = "completions";
  await checkSendable(file);
  try {
    for await (const row of readFineTuningRows(textChunks(file.content))) {
      checkCurrent(signal);
      rows++;
      tokens += countRow(row, count);
      kind = "messages" in row ? "chat" : "completions";
    }
  } catch (error) {
    throw ofFile(file.name, error);
  }
  return { rows, tokens, kind };
}

/** @throws DialError "invalid-option" where a file is gzipped, "invalid-json-line" where it has changed since it was chosen. */
async function checkSendable(file: ChosenFile): Promise<void> {
  const zipped = await isGzipped(file.content).catch((error: unknown) => {
    throw ofFile(file.name, error);
  });
  if (!zipped) return;
  throw new DialError(
    "invalid-option",
    `${file.name} is gzipped, which endpoints do not read: unzip it first`,
  );
}

const SUFFIX_MAX = 64;

/** @throws DialError "invalid-option". */
export function checkSuffix(text: string): string {
  const suffix = text.trim();
  if (suffix.length <= SUFFIX_MAX) return suffix;
  throw new DialError(
    "invalid-option",
    `invalid suffix: ${suffix.length} characters; expected ${SUFFIX_MAX} at most`,
  );
}

/** Files that are at an endpoint already, so that a second try does not send them again. */
const uploaded = new Map<string, WeakMap<Blob, string>>();
/** Failures after which the files may be gone, or be of another key: they are sent again. */
const NOT_THERE: readonly ErrorCode[] = ["endpoint-missing", "endpoint-refused", "endpoint-key"];

/** Does what was quoted: uploads the files, creates the job and follows it. */
export function start({ baseUrl, request, training: file, validation: held, kind }: Quote): Promise<void> {
  return work("Starting", async (signal) => {
    const there = new FineTuning(baseUrl, shownAccessTo(baseUrl));
    const sent = uploaded.get(baseUrl) ?? new WeakMap<Blob, string>();
    uploaded.set(baseUrl, sent);
    const send = async (chosen: ChosenFile): Promise<string> => {
      show({ kind: "working", what: `Uploading ${chosen.name}`, stoppable: true }, signal);
      const known = sent.get(chosen.content);
      if (known !== undefined) return known;
      // Of a file that cannot be read, an upload fails like one that the server does not answer.
      await checkSendable(chosen);
      const id = await there.upload(chosen, signal);
      sent.set(chosen.content, id);
      return id;
    };
    const trainingFile = await send(file);
    const validationFile = held && (await send(held));
    show({ kind: "working", what: "Creating the job", stoppable: false }, signal);
    const job = await there.create({ ...request, trainingFile, validationFile }).catch((error: unknown) => {
      if (NOT_THERE.some((code) => hasCode(error, code))) uploaded.delete(baseUrl);
      throw error;
    });
    const { id, model, created_at: createdAt } = job;
    void follow({ id, baseUrl, model, kind, createdAt, ...(file.format && { format: file.format }) });
    show({ kind: "idle" }, signal);
  });
}

/** Gives up counting or uploading, or a quote; what has been uploaded stays. A job that is being created is awaited. */
export function cancel(): void {
  const current = step.peek();
  if (current.kind === "working" && !current.stoppable) return;
  abort?.abort();
  step.value = { kind: "idle" };
}

/** Besides the price, what a quote is made of. */
const QUOTED = ["baseUrl", "trainModel", "epochs", "batchSize", "learningRateMultiplier", "suffix"] as const;

// What was quoted before one of them is changed must not be sent.
effect(() => {
  void trainingPrice().value;
  for (const name of QUOTED) void settings[name].value;
  const current = step.peek();
  if (current.kind === "quoted" || (current.kind === "working" && current.what === COUNTING)) cancel();
});

async function work(what: string, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  abort?.abort();
  const mine = new AbortController();
  abort = mine;
  step.value = { kind: "working", what, stoppable: true };
  setback.value = null;
  try {
    await run(mine.signal);
  } catch (error) {
    if (!mine.signal.aborted) step.value = { kind: "failed", error };
  }
}

/** Shows how far a piece of work is. */
function show(next: Step, signal: AbortSignal): void {
  checkCurrent(signal);
  step.value = next;
}

/** @throws DialError "aborted" where the work was given up, or other work has begun. */
function checkCurrent(signal: AbortSignal): void {
  if (signal.aborted) throw stopped();
}
