/**
 * A fine-tuning endpoint of our own. Every request is checked against what OpenAI's published API description allows
 * (written down here by us), and refused as OpenAI words it.
 */

import type { ServerResponse } from "node:http";
import * as v from "valibot";
import { type HttpServer, type Received, sendError, sendJson, serveHttp } from "./httpServer";

const auto = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(v.union([v.literal("auto"), schema]));
const whole = v.pipe(v.number(), v.integer());

/** createFineTuningJobRequest, for supervised jobs. Unknown fields are an error there. */
const createRequest = v.strictObject({
  model: v.string(),
  training_file: v.pipe(v.string(), v.startsWith("file-")),
  validation_file: v.optional(v.nullable(v.pipe(v.string(), v.startsWith("file-")))),
  suffix: v.optional(v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(64)))),
  seed: v.optional(v.nullable(v.pipe(whole, v.minValue(0), v.maxValue(2147483647)))),
  method: v.strictObject({
    type: v.literal("supervised"),
    supervised: v.strictObject({
      hyperparameters: v.strictObject({
        n_epochs: auto(v.pipe(whole, v.minValue(1), v.maxValue(50))),
        batch_size: auto(v.pipe(whole, v.minValue(1), v.maxValue(256))),
        learning_rate_multiplier: auto(v.pipe(v.number(), v.gtValue(0))),
      }),
    }),
  }),
});

const MODELS = ["babbage-002", "davinci-002"];

interface StoredJob {
  readonly id: string;
  readonly request: v.InferOutput<typeof createRequest>;
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
  /** Called first; may answer, break the connection off, and then gives true. */
  readonly before?: (request: Received, response: ServerResponse) => boolean;
}

/** A job is validated, queued, runs with a step a look, and ends after this many looks. */
const STAGES = ["validating_files", "queued", "running", "running", "running"];

export async function serveFineTuning({ key, before }: FineTuningServerOptions): Promise<FineTuningServer> {
  const files = new Map<string, string>();
  const jobs: StoredJob[] = [];
  const server = await serveHttp(async (request, response) => {
    if (before?.(request, response)) return;
    if (request.headers.authorization !== `Bearer ${key}`) {
      return sendError(response, 401, { message: "Incorrect API key provided", code: "invalid_api_key" });
    }
    const { pathname, searchParams } = new URL(request.path, "http://host");
    const route = `${request.method} ${pathname.replace("/v1", "")}`;
    const id = /\/jobs\/([^/]+)/.exec(pathname)?.[1];
    const job = jobs.find((candidate) => candidate.id === id);
    if (route === "GET /models") {
      return sendJson(response, 200, { object: "list", data: MODELS.map((name) => ({ id: name })) });
    }
    if (route === "POST /files") return upload(request, response, files);
    if (route === "POST /fine_tuning/jobs") return create(request, response, files, jobs);
    if (route === "GET /fine_tuning/jobs") {
      return sendJson(response, 200, {
        object: "list",
        data: jobs.map((each) => describe(each, files)),
        has_more: false,
      });
    }
    if (job === undefined) return sendError(response, 404, { message: `Could not find ${pathname}` });
    if (route.endsWith("/cancel")) {
      job.cancelled = true;
      return sendJson(response, 200, describe(job, files));
    }
    if (route.endsWith("/events")) return sendJson(response, 200, eventPage(job, searchParams));
    job.looks++;
    sendJson(response, 200, describe(job, files));
  });
  return Object.assign(server, { files, jobs });
}

async function upload(
  request: Received,
  response: ServerResponse,
  files: Map<string, string>,
): Promise<void> {
  const type = request.headers["content-type"] ?? "";
  const form = await new Response(request.body, { headers: { "Content-Type": type } }).formData();
  const file = form.get("file");
  const fields = [...form.keys()].sort().join();
  if (fields !== "file,purpose" || form.get("purpose") !== "fine-tune" || !(file instanceof File)) {
    return sendError(response, 400, { message: `Invalid upload: ${fields}` });
  }
  const text = await file.text();
  if (!file.name.endsWith(".jsonl"))
    return sendError(response, 400, { message: "Invalid extension: expected .jsonl" });
  const id = `file-${files.size + 1}`;
  files.set(id, text);
  const object = {
    id,
    object: "file",
    bytes: text.length,
    created_at: 1,
    filename: file.name,
    purpose: "fine-tune",
  };
  sendJson(response, 200, { ...object, status: "processed" });
}

function create(
  { body }: Received,
  response: ServerResponse,
  files: ReadonlyMap<string, string>,
  jobs: StoredJob[],
): void {
  const result = v.safeParse(createRequest, JSON.parse(body));
  const refusal = result.success ? refusalOf(result.output, files) : malformed(result.issues[0]);
  if (refusal !== null) sendError(response, refusal.status, refusal);
  if (!result.success || refusal !== null) return;
  const job = { id: `ftjob-${jobs.length + 1}`, request: result.output, looks: 0, cancelled: false };
  jobs.push(job);
  sendJson(response, 200, describe(job, files));
}

function malformed(issue: v.BaseIssue<unknown>) {
  return { status: 400, message: `${issue.message} at ${v.getDotPath(issue)}`, param: "body" };
}

function refusalOf({ model, training_file }: StoredJob["request"], files: ReadonlyMap<string, string>) {
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
    error: bad
      ? {
          code: "invalid_training_file",
          message: "The job failed due to an invalid training file",
          param: null,
        }
      : {},
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
