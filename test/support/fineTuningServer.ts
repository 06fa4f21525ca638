/**
 * A fine-tuning endpoint of our own. Every request is checked against OpenAI's description of its API and refused as
 * OpenAI words it; so is what the server itself answers, in which case the server breaks down.
 */

import type { ServerResponse } from "node:http";
import type OpenAI from "openai";
import { type HttpServer, type Received, sendError, sendJson, serveHttp } from "./httpServer";
import type { Call, OpenAiDescription } from "./openaiDescription";

const MODELS = ["babbage-002", "davinci-002"];

interface StoredJob {
  readonly id: string;
  readonly request: OpenAI.FineTuning.JobCreateParams;
  /** Times that it was looked at; it goes on with each. */
  looks: number;
  cancelled: boolean;
}

export interface FineTuningServer extends HttpServer {
  /** Text of each uploaded file, by id. */
  readonly files: ReadonlyMap<string, string>;
  readonly jobs: readonly StoredJob[];
}

export interface FineTuningServerOptions {
  readonly key: string;
  /** Null where it is not on this machine; then requests and answers are not checked against it. */
  readonly description: OpenAiDescription | null;
  /** Called first; may answer, break the connection off, and then gives true. */
  readonly before?: (request: Received, response: ServerResponse) => boolean;
}

/** A job is validated, queued, runs with a step a look, and ends after this many looks. */
const STAGES = ["validating_files", "queued", "running", "running", "running"];

export async function serveFineTuning({
  key,
  description,
  before,
}: FineTuningServerOptions): Promise<FineTuningServer> {
  const files = new Map<string, string>();
  const jobs: StoredJob[] = [];
  const server = await serveHttp(async (request, response) => {
    if (before?.(request, response)) return;
    if (request.headers.authorization !== `Bearer ${key}`) {
      return refuse(response, {
        status: 401,
        message: "Incorrect API key provided",
        code: "invalid_api_key",
      });
    }
    const call = await readCall(request);
    const wrong = description?.request(call) ?? null;
    const answer = wrong === null ? reply(call, files, jobs) : { status: 400, message: wrong, param: "body" };
    if ("status" in answer) return refuse(response, answer);
    const unlike = description?.answer(call.method, call.path, answer.value) ?? null;
    if (unlike === null) return sendJson(response, 200, answer.value);
    refuse(response, { status: 500, message: `this server's own answer is wrong: ${unlike}` });
  });
  return Object.assign(server, { files, jobs });
}

interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly param?: string;
  readonly code?: string;
}

function refuse(response: ServerResponse, { status, ...error }: Refusal): void {
  sendError(response, status, error);
}

/** A form's fields are its body. */
async function readCall({ method, path, headers, body }: Received): Promise<Call> {
  const { pathname, searchParams: query } = new URL(path, "http://host");
  const type = headers["content-type"] ?? "";
  const call = { method, path: pathname.replace("/v1", ""), query };
  if (body === "") return call;
  if (!type.startsWith("multipart/form-data")) return { ...call, body: JSON.parse(body) };
  const form = await new Response(body, { headers: { "Content-Type": type } }).formData();
  const fields = [...form].map(async ([name, value]) => {
    if (typeof value === "string") return [name, value];
    return [name, `${value.name}\n${await value.text()}`];
  });
  return { ...call, body: Object.fromEntries(await Promise.all(fields)) };
}

function reply(
  { method, path, query, body }: Call,
  files: Map<string, string>,
  jobs: StoredJob[],
): Refusal | { readonly value: unknown } {
  const job = jobs.find(({ id }) => id === path.split("/")[3]);
  switch (`${method} ${path}`) {
    case "GET /models":
      return { value: { object: "list", data: MODELS.map(describeModel) } };
    case "POST /files":
      return upload(body as FileForm, files);
    case "POST /fine_tuning/jobs":
      return create(body as StoredJob["request"], files, jobs);
    case "GET /fine_tuning/jobs":
      return { value: { object: "list", data: jobs.map((each) => describe(each, files)), has_more: false } };
  }
  if (job === undefined) return { status: 404, message: `Could not find ${path}` };
  if (path.endsWith("/events")) return { value: eventPage(job, query) };
  if (path.endsWith("/cancel")) job.cancelled = true;
  else job.looks++;
  return { value: describe(job, files) };
}

function describeModel(id: string) {
  return { id, object: "model", created: 1, owned_by: "lab" };
}

interface FileForm {
  /** Its name, a line break, its text. */
  readonly file: string;
  readonly purpose: string;
}

function upload({ file, purpose }: FileForm, files: Map<string, string>) {
  const [filename = ""] = file.split("\n", 1);
  const text = file.slice(filename.length + 1);
  if (purpose !== "fine-tune" || !filename.endsWith(".jsonl")) {
    return { status: 400, message: "Invalid extension: expected .jsonl", param: "file" };
  }
  const id = `file-${files.size + 1}`;
  files.set(id, text);
  const bytes = Buffer.byteLength(text);
  return { value: { id, object: "file", bytes, created_at: 1, filename, purpose, status: "processed" } };
}

function create(
  request: StoredJob["request"],
  files: ReadonlyMap<string, string>,
  jobs: StoredJob[],
): Refusal | { readonly value: unknown } {
  const refusal = refusalOf(request, files);
  if (refusal !== null) return refusal;
  const job = { id: `ftjob-${jobs.length + 1}`, request, looks: 0, cancelled: false };
  jobs.push(job);
  return { value: describe(job, files) };
}

function refusalOf(
  { model, training_file }: StoredJob["request"],
  files: ReadonlyMap<string, string>,
): Refusal | null {
  const text = files.get(training_file);
  if (!MODELS.includes(model)) {
    return { status: 404, message: `The model ${model} does not exist`, param: "model" };
  }
  if (text === undefined) {
    return { status: 400, message: `invalid training_file: ${training_file}`, param: "training_file" };
  }
  if (text.trim().split("\n").length < 2) {
    return { status: 400, message: "Training file has too few examples", param: "training_file" };
  }
  return null;
}

/** A training file with the word FAIL makes a job that fails while it is validated. */
function describe(job: StoredJob, files: ReadonlyMap<string, string>): unknown {
  const { id, request, looks, cancelled } = job;
  const bad = files.get(request.training_file)?.includes("FAIL") === true && looks > 0;
  const status = cancelled ? "cancelled" : bad ? "failed" : (STAGES[looks] ?? "succeeded");
  const done = status === "succeeded";
  return {
    id,
    object: "fine_tuning.job",
    created_at: Number(id.split("-")[1]),
    model: request.model,
    status,
    fine_tuned_model: done ? `ft:${request.model}:lab:${request.suffix ?? ""}:1` : null,
    trained_tokens: done ? 1234 : null,
    training_file: request.training_file,
    validation_file: request.validation_file ?? null,
    method: request.method,
    hyperparameters: request.method?.supervised?.hyperparameters ?? {},
    organization_id: "org-lab",
    result_files: [],
    finished_at: done ? 2 : null,
    seed: request.seed ?? 1,
    error: bad
      ? {
          code: "invalid_training_file",
          message: "The job failed due to an invalid training file",
          param: null,
        }
      : null,
  };
}

/** Two events a look, newest first, in pages of two whatever is asked for. */
function eventPage({ looks }: StoredJob, query: URLSearchParams): unknown {
  const all = Array.from({ length: looks }, (_, step) => [
    {
      id: `message-${step}`,
      level: "info",
      type: "message",
      message: STAGES[step] ?? "The job has completed",
      data: {},
    },
    {
      ...{
        id: `metrics-${step}`,
        level: "info",
        type: "metrics",
        message: `Step ${step + 1}: training loss=${2 - step / 4}`,
      },
      data: {
        step: step + 1,
        train_loss: 2 - step / 4,
        ...(step % 2 === 1 && { valid_loss: 2.1 - step / 4 }),
      },
    },
  ])
    .flat()
    .map((event) => ({ object: "fine_tuning.job.event", created_at: 1, ...event }))
    .reverse();
  const start = all.findIndex(({ id }) => id === query.get("after")) + 1;
  const data = all.slice(start, start + 2);
  return { object: "list", data, has_more: start + 2 < all.length };
}
