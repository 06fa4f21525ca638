/**
 * Fine-tuning at an OpenAI-compatible endpoint: files, jobs and their events (OpenAI, API reference: "Files",
 * "Fine-tuning").
 */

import type OpenAI from "openai";
import * as v from "valibot";
import { DialError, type ErrorCode } from "../../domain/errors";
import { openClient } from "./client";
import type { Access } from "./endpoint";
import { endpointFailure } from "./endpointFailure";

export interface JobRequest {
  readonly model: string;
  /** Ids of uploaded files. */
  readonly trainingFile: string;
  readonly validationFile: string | null;
  readonly epochs: number;
  /** Rows; null leaves it to the endpoint, as for the next. */
  readonly batchSize: number | null;
  readonly learningRateMultiplier: number | null;
  /** Goes into the name of the model that comes out; empty for none. */
  readonly suffix: string;
}

const jobSchema = v.object({
  id: v.string(),
  model: v.string(),
  /** validating_files, queued, running, or one of OVER; other servers have more. */
  status: v.string(),
  created_at: v.number(),
  fine_tuned_model: v.nullish(v.string(), null),
  trained_tokens: v.nullish(v.number(), null),
  error: v.nullish(v.object({ message: v.nullish(v.string(), null) }), null),
});

export type Job = v.InferOutput<typeof jobSchema>;

const eventSchema = v.object({
  id: v.string(),
  /** Seconds since 1970. */
  created_at: v.number(),
  level: v.string(),
  message: v.string(),
  data: v.optional(v.unknown()),
});

export type JobEvent = v.InferOutput<typeof eventSchema>;

const OVER: readonly string[] = ["succeeded", "failed", "cancelled"];

/** Whether a job changes no more. */
export function isOver({ status }: Job): boolean {
  return OVER.includes(status);
}

/** A request that changes nothing, or the same file once more, is repeated when it fails. */
const RETRIES = 3;
/** A file is sent for as long as that takes: whoever waits for it can stop it. */
const UPLOAD_MS = 24 * 60 * 60 * 1000;
const PAGE = 100;

/** @throws (from its methods) DialError "offline", "endpoint-...", "aborted". */
export class FineTuning {
  private client: OpenAI | null = null;

  constructor(
    private readonly baseUrl: string,
    private readonly access: Access,
  ) {}

  /** @returns the file's id there. */
  async upload(
    file: { readonly name: string; readonly content: Blob },
    signal?: AbortSignal,
  ): Promise<string> {
    return this.ask(`the file ${file.name}`, async (client) => {
      const named = new File([file.content], file.name, { type: "application/jsonl" });
      const { id } = await client.files.create(
        { file: named, purpose: "fine-tune" },
        { signal: signal ?? null, timeout: UPLOAD_MS },
      );
      return id;
    });
  }

  /** Never repeated by itself: each job that is created is paid for, also one whose answer is lost. */
  async create(request: JobRequest): Promise<Job> {
    const { model, trainingFile, validationFile, epochs, batchSize, learningRateMultiplier, suffix } =
      request;
    const hyperparameters = {
      n_epochs: epochs,
      batch_size: batchSize ?? ("auto" as const),
      learning_rate_multiplier: learningRateMultiplier ?? ("auto" as const),
    };
    const body = {
      model,
      training_file: trainingFile,
      ...(validationFile !== null && { validation_file: validationFile }),
      ...(suffix !== "" && { suffix }),
      method: { type: "supervised" as const, supervised: { hyperparameters } },
    };
    try {
      const job = await this.ask(`the model ${model}`, (client) =>
        client.fineTuning.jobs.create(body, { maxRetries: 0 }),
      );
      return read(jobSchema, job, "job");
    } catch (error) {
      throw uncertain(error);
    }
  }

  async job(id: string): Promise<Job> {
    const job = await this.ask(`the job ${id}`, (client) => client.fineTuning.jobs.retrieve(id));
    return read(jobSchema, job, "job");
  }

  /** The jobs that the endpoint knows, newest first, 100 at most. */
  async jobs(): Promise<Job[]> {
    const { data } = await this.ask("its list of jobs", (client) =>
      client.fineTuning.jobs.list({ limit: PAGE }),
    );
    return data.map((job) => read(jobSchema, job, "job")).sort((a, b) => b.created_at - a.created_at);
  }

  async cancel(id: string): Promise<Job> {
    const job = await this.ask(`the job ${id}`, (client) => client.fineTuning.jobs.cancel(id));
    return read(jobSchema, job, "job");
  }

  /** The job's events that are not among `known`, oldest first. */
  async newEvents(id: string, known: ReadonlySet<string>): Promise<JobEvent[]> {
    return this.ask(`the job ${id}`, async (client) => {
      const found: JobEvent[] = [];
      // They come newest first.
      for await (const event of client.fineTuning.jobs.listEvents(id, { limit: PAGE })) {
        if (known.has(event.id)) break;
        found.push(read(eventSchema, event, "event"));
      }
      return found.reverse();
    });
  }

  private async ask<T>(what: string, work: (client: OpenAI) => Promise<T>): Promise<T> {
    try {
      this.client ??= await openClient(this.baseUrl, this.access, RETRIES);
      return await work(this.client);
    } catch (error) {
      throw await endpointFailure(error, this.baseUrl, this.access, what);
    }
  }
}

/** A request whose answer is lost ends as any of these: a browser does not say why. */
const LOST: readonly ErrorCode[] = ["endpoint-unreachable", "endpoint-failed", "endpoint-closed", "offline"];

/** After a lost answer the job may be there all the same. */
function uncertain(error: unknown): unknown {
  if (!(error instanceof DialError && LOST.includes(error.code))) return error;
  const advice =
    "whether the job was created is not known: look for it among the jobs before you start another";
  return new DialError(error.code, `${error.message}; ${advice}`);
}

function read<Value>(schema: v.GenericSchema<unknown, Value>, value: unknown, name: string): Value {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new DialError(
    "endpoint-failed",
    `the endpoint's ${name} cannot be read: ${v.getDotPath(issue) ?? name}: ${issue.message}`,
  );
}
