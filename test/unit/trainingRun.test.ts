import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { settings } from "../../src/app/endpoint/endpointSettings";
import * as jobs from "../../src/app/endpoint/jobs";
import { Progress } from "../../src/app/endpoint/TrainForm";
import {
  type ChosenFile,
  cancel,
  type Quote,
  quote,
  start,
  step,
  takeMade,
  training,
  trainingPrice,
  validation,
} from "../../src/app/endpoint/trainingRun";
import type { CountText } from "../../src/domain/dataset/countTokens";
import { DialError } from "../../src/domain/errors";
import type { Job } from "../../src/runtimes/openai/fineTuning";
import { saidBy } from "../support/saidBy";

const api = vi.hoisted(() => ({ upload: vi.fn(), create: vi.fn(), encoding: vi.fn() }));

vi.mock("../../src/runtimes/openai/fineTuning", () => ({
  FineTuning: class {
    upload = api.upload;
    create = api.create;
  },
}));
vi.mock("../../src/runtimes/tokenCounter", () => ({ tokenCounter: api.encoding }));

const countCharacters: CountText = ({ length }) => length;
const BASE_URL = "https://api.example.org/v1";
const JOB: Job = {
  id: "ftjob-1",
  model: "babbage-002",
  status: "queued",
  created_at: 1,
  fine_tuned_model: null,
  trained_tokens: null,
  error: null,
};

const defaultTrainPrice = settings.trainPrice.value;
const SET = {
  baseUrl: BASE_URL,
  trainModel: "babbage-002",
  epochs: "3",
  trainPrice: "1",
  batchSize: "",
  learningRateMultiplier: "",
  suffix: "",
};

const file = (name: string): ChosenFile => ({
  name,
  content: new Blob([`${JSON.stringify({ prompt: name, completion: "x" })}\n`]),
});

const chatFile = (name: string): ChosenFile => ({
  name,
  content: new Blob([`${JSON.stringify({ messages: [{ role: "assistant", content: "x" }] })}\n`]),
});

const follow = vi.spyOn(jobs, "follow").mockResolvedValue();

beforeEach(() => {
  for (const [name, text] of Object.entries(SET)) settings[name as keyof typeof SET].value = text;
  training.value = file("a.jsonl");
  validation.value = null;
  step.value = { kind: "idle" };
  api.encoding.mockResolvedValue(countCharacters);
  api.upload.mockResolvedValue("file-1");
});
afterEach(() => {
  vi.clearAllMocks();
});

/** A call of `api` that is under way, ended by hand. */
function pending<Result>(call: { mockImplementationOnce(work: () => Promise<Result>): unknown }) {
  let [resolve, reject] = [(_: Result): void => {}, (_: unknown): void => {}];
  const promise = new Promise<Result>((...ends) => {
    [resolve, reject] = ends;
  });
  call.mockImplementationOnce(() => promise);
  return { resolve, reject };
}

async function quoted(): Promise<Quote> {
  await quote();
  const current = step.value;
  if (current.kind !== "quoted") throw new Error(`no quote but ${JSON.stringify(current)}`);
  return current.quote;
}

test("a quote is of the file that is chosen now, though the one before is still being counted", async () => {
  const [encodingOfA, encodingOfB] = [pending<CountText>(api.encoding), pending<CountText>(api.encoding)];
  const first = quote();
  training.value = file("b.jsonl");
  cancel();
  const second = quote();
  encodingOfA.resolve(countCharacters);
  await first;
  expect(step.value.kind).toBe("working");
  encodingOfB.resolve(countCharacters);
  await second;
  expect(step.value).toMatchObject({ kind: "quoted", quote: { training: { name: "b.jsonl" } } });
});

describe("a quote", () => {
  test.each([
    ["baseUrl", "https://other.example.org/v1"],
    ["trainModel", "gpt-4o-mini-2024-07-18"],
    ["epochs", "7"],
    ["trainPrice", "2"],
    ["batchSize", "8"],
    ["learningRateMultiplier", "0.5"],
    ["suffix", "dial"],
  ] as const)("is given up where %s is changed", async (name, text) => {
    settings.trainModel.value = "my-model";
    await quoted();
    settings[name].value = text;
    expect(step.value).toEqual({ kind: "idle" });
  });

  test("is given up where the price on the dataset page is changed", async () => {
    settings.trainModel.value = "babbage-002";
    await quoted();
    trainingPrice().value = "3";
    expect(step.value).toEqual({ kind: "idle" });
  });

  test("is not made of settings that are changed while tokens are counted", async () => {
    const encoding = pending<CountText>(api.encoding);
    const counting = quote();
    settings.epochs.value = "9";
    encoding.resolve(countCharacters);
    await counting;
    expect(step.value).toEqual({ kind: "idle" });
  });

  test("that was confirmed is sent, whatever is set meanwhile", async () => {
    const upload = pending<string>(api.upload);
    api.create.mockResolvedValueOnce(JOB);
    const started = start(await quoted());
    settings.epochs.value = "5";
    upload.resolve("file-1");
    await started;
    expect(api.create).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ epochs: 3 }));
  });

  test("of a model whose price is not known wants it typed first", async () => {
    settings.trainModel.value = "my-model";
    settings.trainPrice.value = defaultTrainPrice;
    await quote();
    expect(step.value).toMatchObject({ error: { message: expect.stringContaining("invalid price") } });
  });

  test.each([
    [
      "the model",
      () => (training.value = chatFile("chat.jsonl")),
      "chat.jsonl has messages, but babbage-002 goes with prompts and completions",
    ],
    [
      "the training file",
      () => (validation.value = chatFile("held.jsonl")),
      "held.jsonl has messages, but a.jsonl goes with prompts and completions",
    ],
  ])("is not made of a file whose rows are not as %s has them", async (_, choose, message) => {
    choose();
    await quote();
    expect(step.value).toMatchObject({
      kind: "failed",
      error: { message: expect.stringContaining(message) },
    });
  });

  test("is made of rows of any kind for a model that is not known", async () => {
    settings.trainModel.value = "my-model";
    training.value = chatFile("chat.jsonl");
    expect(await quoted()).toMatchObject({ kind: "chat" });
  });

  test("is not made of a gzipped file, which is sent as it is", async () => {
    training.value = { name: "a.jsonl", content: new Blob([gzipSync(await file("a").content.text())]) };
    await quote();
    expect(step.value).toMatchObject({
      error: { message: "a.jsonl is gzipped, which endpoints do not read: unzip it first" },
    });
  });

  test("tells what is set besides", async () => {
    await quoted();
    expect(saidBy(Progress())).toContain("to train babbage-002.");
    settings.batchSize.value = "8";
    settings.learningRateMultiplier.value = "0.5";
    settings.suffix.value = "dial";
    await quoted();
    expect(saidBy(Progress())).toContain(
      "to train babbage-002 with batch size 8, learning rate multiplier 0.5, suffix dial.",
    );
  });
});

describe("while the job is being created", () => {
  const created = () => expect.poll(() => api.create.mock.calls.length).toBe(1);

  test("nothing offers to stop it, and a failure is told, though another file was chosen", async () => {
    const creation = pending<Job>(api.create);
    const started = start(await quoted());
    await created();
    expect(saidBy(Progress())).toBe("Creating the job…");
    cancel();
    expect(saidBy(Progress())).toBe("Creating the job…");
    const error = new DialError("endpoint-unreachable", "look for it among the jobs");
    creation.reject(error);
    await started;
    expect(step.value).toEqual({ kind: "failed", error });
  });

  test("a newer quote stays, and the job is followed all the same", async () => {
    const creation = pending<Job>(api.create);
    const started = start(await quoted());
    await created();
    const newer = await quoted();
    creation.resolve(JOB);
    await started;
    expect(step.value).toEqual({ kind: "quoted", quote: newer });
    expect(follow).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: "ftjob-1" }));
  });
});

test("an upload can be stopped, and then no job is created, though the upload ended well", async () => {
  const upload = pending<string>(api.upload);
  const started = start(await quoted());
  await expect.poll(() => saidBy(Progress())).toBe("Uploading a.jsonl…Cancel");
  cancel();
  upload.resolve("file-1");
  await started;
  expect(step.value).toEqual({ kind: "idle" });
  expect(api.create).not.toHaveBeenCalled();
});

test("files are sent again where the endpoint does not know them, and only then", async () => {
  const wanted = await quoted();
  api.create.mockRejectedValueOnce(new DialError("endpoint-unreachable", "look for it among the jobs"));
  await start(wanted);
  api.create.mockRejectedValueOnce(new DialError("endpoint-missing", "no such file"));
  await start(wanted);
  expect(api.upload).toHaveBeenCalledTimes(1);
  api.upload.mockResolvedValueOnce("file-2");
  api.create.mockResolvedValueOnce(JOB);
  await start(wanted);
  expect(api.create).toHaveBeenLastCalledWith(expect.objectContaining({ trainingFile: "file-2" }));
});

test("a file that has changed since the quote is to be chosen again, and nothing is sent", async () => {
  const wanted = await quoted();
  const unreadable = async () => Promise.reject(new TypeError("The requested file could not be read"));
  wanted.training.content.slice = () => Object.assign(new Blob([]), { arrayBuffer: unreadable });
  await start(wanted);
  expect(step.value).toMatchObject({
    kind: "failed",
    error: { message: "a.jsonl, the file has changed or is gone since it was chosen; choose it again" },
  });
  expect(api.upload).not.toHaveBeenCalled();
});

test("a file of the dataset page brings the model that it was made for", () => {
  const made = {
    format: "bottom",
    target: "chat",
    model: "gpt-4.1-nano-2025-04-14",
    rows: 1,
    tokens: 1,
  } as const;
  takeMade({ ...made, ...chatFile("held.jsonl"), split: "validation" });
  expect(settings.trainModel.value).toBe("babbage-002");
  takeMade({ ...made, ...chatFile("train.jsonl"), split: "train" });
  expect(settings.trainModel.value).toBe(made.model);
  expect([training.value?.name, validation.value?.name]).toEqual(["train.jsonl", "held.jsonl"]);
});

test("a job knows how the prompts of a file of the dataset page give rewards", async () => {
  api.create.mockResolvedValue(JOB);
  await start(await quoted());
  expect(follow.mock.lastCall?.[0]).not.toHaveProperty("format");
  training.value = { ...file("made.jsonl"), format: "top" };
  await start(await quoted());
  expect(follow).toHaveBeenLastCalledWith(expect.objectContaining({ format: "top" }));
});
