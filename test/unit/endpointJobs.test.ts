import { afterEach, describe, expect, test, vi } from "vitest";
import { readFineTuningRows } from "../../src/domain/fineTuningRows";
import { lossCurve } from "../../src/domain/lossCurve";
import { FineTuning, isOver, type JobEvent } from "../../src/runtimes/openai/fineTuning";
import {
  type FineTuningServer,
  type FineTuningServerOptions,
  serveFineTuning,
} from "../support/fineTuningServer";
import { sendError } from "../support/httpServer";
import { openAiDescription } from "../support/openaiDescription";

const KEY = "sk-train";
const HOUR_MS = 60 * 60 * 1000;
const description = openAiDescription();

let server: FineTuningServer;
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  await server?.close();
});

async function endpoint(before?: FineTuningServerOptions["before"], key = KEY): Promise<FineTuning> {
  server = await serveFineTuning({ key: KEY, description, ...(before && { before }) });
  return new FineTuning(`${server.url}/v1`, { key, fetch: globalThis.fetch });
}

const file = (text: string, name = "train.jsonl") => ({ name, content: new Blob([text]) });
const ROWS = '{"prompt":"Human: “Eggs”?","completion":" Boil."}\n{"prompt":"b","completion":" c"}\n';

const request = (trainingFile: string) => ({
  model: "babbage-002",
  trainingFile,
  validationFile: null,
  epochs: 3,
  batchSize: null,
  learningRateMultiplier: null,
  suffix: "",
});

test("an SDK that did not load is loaded by the next request", async () => {
  const there = await endpoint();
  vi.doMock("openai", () => {
    throw new TypeError("Failed to fetch dynamically imported module");
  });
  await expect(there.jobs()).rejects.toThrow("could not be loaded; reload the page");
  vi.doUnmock("openai");
  expect(await there.jobs()).toEqual([]);
});

describe("a job", () => {
  test("is made of uploaded files and all settings, and followed to the model that comes out", async () => {
    const there = await endpoint();
    const [trainingFile, validationFile] = [
      await there.upload(file(ROWS)),
      await there.upload(file("{}", "valid.jsonl")),
    ];
    expect(server.files.get(trainingFile)).toBe(ROWS);
    const settings = { epochs: 2, batchSize: 8, learningRateMultiplier: 0.2, suffix: "dial" };
    let job = await there.create({ ...request(trainingFile), ...settings, validationFile });
    expect(server.jobs[0]?.request).toEqual({
      model: "babbage-002",
      training_file: trainingFile,
      validation_file: validationFile,
      suffix: "dial",
      method: {
        type: "supervised",
        supervised: { hyperparameters: { n_epochs: 2, batch_size: 8, learning_rate_multiplier: 0.2 } },
      },
    });
    const seen: string[] = [job.status];
    const events: JobEvent[] = [];
    while (!isOver(job)) {
      job = await there.job(job.id);
      seen.push(job.status);
      events.push(...(await there.newEvents(job.id, new Set(events.map(({ id }) => id)))));
    }
    expect(seen).toEqual(["validating_files", "queued", "running", "running", "running", "succeeded"]);
    expect(job).toMatchObject({ fine_tuned_model: "ft:babbage-002:lab:dial:1", trained_tokens: 1234 });
    expect(new Set(events.map(({ id }) => id)).size).toBe(10);
    expect(lossCurve(events)).toEqual({
      train: [2, 1.75, 1.5, 1.25, 1].map((loss, index) => ({ step: index + 1, loss })),
      validation: [
        { step: 2, loss: 1.85 },
        { step: 4, loss: 1.35 },
      ],
    });
    expect(await there.jobs()).toEqual([job]);
  });

  test("can be cancelled", async () => {
    const there = await endpoint();
    const { id } = await there.create(request(await there.upload(file(ROWS))));
    expect(isOver(await there.cancel(id))).toBe(true);
    expect(await there.job(id)).toMatchObject({ status: "cancelled", fine_tuned_model: null });
  });

  test("that fails says why", async () => {
    const there = await endpoint();
    const { id } = await there.create(
      request(await there.upload(file(`${ROWS}{"prompt":"FAIL","completion":"x"}\n`))),
    );
    expect(await there.job(id)).toMatchObject({
      status: "failed",
      error: { message: "The job failed due to an invalid training file" },
    });
  });

  test("is not created twice, whatever becomes of the answer", async () => {
    let broken = 0;
    const there = await endpoint(({ method, path }, response) => {
      const creates = method === "POST" && path.endsWith("/jobs");
      if (creates && ++broken) response.destroy();
      return creates;
    });
    const id = await there.upload(file(ROWS));
    await expect(there.create(request(id))).rejects.toMatchObject({
      code: "endpoint-unreachable",
      message: expect.stringContaining("look for it among the jobs before you start another"),
    });
    expect(broken).toBe(1);
  });

  test.each(["endpoint-closed", "offline"])(
    "may have been created, though the failure is told as %s",
    async (code) => {
      vi.stubGlobal("navigator", { onLine: code !== "offline" });
      vi.stubGlobal("location", { origin: "https://lab.example.org" });
      const there = new FineTuning("https://api.example.org/v1", {
        key: KEY,
        fetch: async () => {
          throw new TypeError("Failed to fetch");
        },
        answers: async () => true,
      });
      await expect(there.create(request("file-1"))).rejects.toMatchObject({
        code,
        message: expect.stringContaining("look for it among the jobs before you start another"),
      });
    },
  );
});

describe("an upload", () => {
  test("is made again after a lost connection, and after the time that a busy endpoint names", async () => {
    const troubles = ["lost", "busy"];
    const there = await endpoint((_, response) => {
      const trouble = troubles.shift();
      if (trouble === "lost") response.destroy();
      if (trouble === "busy") sendError(response, 429, { message: "slow down" }, { "retry-after": "0.2" });
      return trouble !== undefined;
    });
    const id = await there.upload(file(ROWS));
    expect(server.files.get(id)).toBe(ROWS);
    expect(server.received).toHaveLength(3);
  });

  test("of a large file takes as long as it needs", async () => {
    vi.useFakeTimers();
    let answer = (_: Response): void => {};
    const fetch = vi.fn<typeof globalThis.fetch>(() => new Promise((resolve) => (answer = resolve)));
    const there = new FineTuning("https://api.example.org/v1", { key: KEY, fetch });
    const uploaded = there.upload(file(ROWS));
    await vi.waitFor(() => expect(fetch).toHaveBeenCalled());
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(fetch.mock.lastCall?.[1]?.signal?.aborted).toBe(false);
    answer(Response.json({ id: "file-1" }));
    expect(await uploaded).toBe("file-1");
    expect(fetch).toHaveBeenCalledOnce();
  });

  test("of a file that is refused names what the endpoint said", async () => {
    const there = await endpoint();
    await expect(there.upload(file(ROWS, "train.txt"))).rejects.toMatchObject({
      code: "endpoint-refused",
      message: expect.stringContaining("400 Invalid extension: expected .jsonl"),
    });
  });
});

test.skipIf(description === null)("a request that is not as OpenAI describes it is refused", async () => {
  const there = await endpoint();
  const id = await there.upload(file(ROWS));
  for (const wrong of [{ epochs: 51 }, { epochs: 1.5 }, { batchSize: 257 }, { suffix: "x".repeat(65) }]) {
    await expect(there.create({ ...request(id), ...wrong })).rejects.toMatchObject({
      code: "endpoint-refused",
      message: expect.stringMatching(/400 body\/(method|suffix)/),
    });
  }
  const post = (body: unknown) =>
    fetch(`${server.url}/v1/fine_tuning/jobs`, {
      method: "POST",
      headers: { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  const least = { model: "babbage-002", training_file: id };
  expect((await post({ ...least, trainingfile: id })).status).toBe(400);
  expect((await post({ model: "babbage-002" })).status).toBe(400);
  expect((await post(least)).status).toBe(200);
});

test.each([
  ["a wrong key", "sk-wrong", "file-1", "endpoint-key"],
  ["a file that is not there", KEY, "file-9", "endpoint-refused"],
])("%s is refused", async (_, key, trainingFile, code) => {
  const there = await endpoint(undefined, key);
  await expect(there.create(request(trainingFile))).rejects.toMatchObject({ code });
});

test("a model that is not there, and a file with too little in it, are refused by name", async () => {
  const there = await endpoint();
  const id = await there.upload(file('{"prompt":"a","completion":"b"}\n'));
  await expect(there.create(request(id))).rejects.toThrow("Training file has too few examples");
  await expect(there.create({ ...request(id), model: "gone-001" })).rejects.toMatchObject({
    code: "endpoint-missing",
  });
});

describe("a fine-tuning file", () => {
  const rowsOf = async (text: string) => {
    const rows: unknown[] = [];
    const chunks = async function* () {
      yield text;
    };
    for await (const row of readFineTuningRows(chunks())) rows.push(row);
    return rows;
  };

  test("has prompts and completions, or messages", async () => {
    expect(await rowsOf(ROWS)).toHaveLength(2);
    const chat = {
      messages: [
        { role: "system", content: "s" },
        { role: "assistant", content: "a" },
      ],
    };
    expect(await rowsOf(JSON.stringify(chat))).toEqual([chat]);
  });

  test.each([
    ["", "the file has no rows"],
    ['{"prompt":"a"}', "line 1: completion: "],
    ['{"prompt":"a","completion":""}', "line 1: completion: "],
    ['{"messages":[{"role":"user","content":"a"}]}', "line 1: messages: Invalid end"],
    ['{"messages":[{"role":"cat","content":"a"}]}', "line 1: messages.0.role: "],
    [
      `${ROWS}{"messages":[{"role":"assistant","content":"a"}]}`,
      'line 3: has "messages", but the lines before',
    ],
  ])("%j is refused", async (text, message) => {
    await expect(rowsOf(text)).rejects.toThrow(message);
  });
});
