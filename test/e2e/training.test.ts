/** Fine-tuning at an endpoint from the built page: cost first, then files, job, loss, and the model that comes out. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FineTuningServer, serveFineTuning } from "../support/fineTuningServer";
import { openAiDescription } from "../support/openaiDescription";
import { expectAccessible } from "./accessibility";
import { openSite, type Site, visitFirst } from "./site";

const KEY = "sk-training";
const PATIENCE_MS = 60_000;

let site: Site;
let page: Page;
let server: FineTuningServer;

beforeAll(async () => {
  server = await serveFineTuning({ key: KEY, description: openAiDescription() });
  site = await openSite();
  page = await site.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await visitFirst(page, `${site.url}#/endpoint`);
}, 180_000);

afterAll(async () => {
  await site?.close();
  await server?.close();
});

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const field = (name: string) => page.getByLabel(name, { exact: true });
const alert = (text: string | RegExp) => page.getByRole("alert").getByText(text);
const job = () => page.getByRole("region", { name: "Job", exact: true });

/** "prompt n" and " answer n": three tokens each in cl100k_base. */
const rows = (count: number, completion = " answer"): string =>
  Array.from(
    { length: count },
    (_, k) => `${JSON.stringify({ prompt: `prompt ${k}`, completion: `${completion} ${k}` })}\n`,
  ).join("");

async function choose(label: string, name: string, text: string): Promise<void> {
  const file = { name, mimeType: "application/jsonl", buffer: Buffer.from(text) };
  await page.getByLabel(`${label} in JSON Lines`).setInputFiles(file);
}

describe("training at an endpoint", () => {
  test("names the line of a file that cannot be used, and sends nothing", async () => {
    await field("Base URL").fill(`${server.url}/v1`);
    await field("Key").fill("sk-wrong");
    await choose("Training file", "bad.jsonl", `${rows(2)}{"prompt":"x"}\n`);
    await button("What would it cost?").click();
    await alert(/bad\.jsonl, line 3: completion/).waitFor();
    expect(server.received).toEqual([]);
  });

  test("says the cost of tokens, epochs and price before anything is sent", async () => {
    await choose("Training file", "train.jsonl", rows(10));
    await choose("Validation file, if any", "valid.jsonl", rows(2));
    await field("Epochs").fill("4");
    await field("Price of training").fill("1000");
    await field("Batch size").fill("8");
    await button("What would it cost?").click();
    await alert("About $0.24").waitFor();
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toContain("4 × 60 tokens in 10 rows at $1000 a million");
    await expect
      .poll(() => page.getByRole("alert").textContent())
      .toContain("train.jsonl and valid.jsonl will be sent to 127.0.0.1");
    expect(server.received).toEqual([]);
    await button("Not now").click();
    await button("What would it cost?").waitFor();
    expect(server.received).toEqual([]);
  });

  test("keeps all that was chosen when the key is wrong", async () => {
    await button("What would it cost?").click();
    await button("Send and train").click();
    await alert(/401 Incorrect API key provided; check the key/).waitFor();
    await page.getByText("train.jsonl").first().waitFor();
    expect(server.files.size).toBe(0);
    await field("Key").fill(KEY);
  });

  test("uploads both files, creates the job and remembers it over a reload, but not the key", async () => {
    await button("What would it cost?").click();
    await button("Send and train").click();
    await job()
      .getByText(/validating files|queued|running/)
      .first()
      .waitFor();
    expect([...server.files.values()]).toEqual([rows(10), rows(2)]);
    expect(server.jobs[0]?.request).toMatchObject({
      model: "babbage-002",
      validation_file: "file-2",
      method: {
        supervised: { hyperparameters: { n_epochs: 4, batch_size: 8, learning_rate_multiplier: "auto" } },
      },
    });
    const storage = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    expect(storage).toContain("ftjob-1");
    expect(storage).not.toContain(KEY);
    await page.reload();
    await field("Key").fill(KEY);
    await button(/^ftjob-1/).click();
    await job()
      .getByText(/queued|running|succeeded/)
      .first()
      .waitFor();
  });

  test("follows the events and the loss until the model is there", async () => {
    await job().getByText("succeeded").waitFor();
    await expect.poll(() => job().textContent()).toContain("1,234 tokens trained on");
    await job().getByRole("img", { name: "Training loss 1.00 at step 5" }).waitFor();
    await expect.poll(() => job().getByRole("listitem").count()).toBe(10);
  });

  test("axe finds nothing serious, at three widths and in both themes", async () => {
    await expectAccessible(page);
  });

  test("puts the model that came out in the policy's place at one click, on the server that trained it", async () => {
    await field("Base URL").fill("http://127.0.0.1:9/v1");
    await button("Use this model").click();
    await expect.poll(() => field("Base URL").inputValue()).toBe(`${server.url}/v1`);
    await page
      .getByRole("region", { name: "Endpoint", exact: true })
      .getByText("ft:babbage-002:lab::1")
      .waitFor();
    await expect.poll(() => field("Model").inputValue()).toBe("ft:babbage-002:lab::1");
    await expect.poll(() => field("Kind of endpoint").inputValue()).toBe("completions");
  });

  test("shows why a job failed, cancels another, and finds jobs that were forgotten", async () => {
    const train = async (text: string) => {
      await choose("Training file", "train.jsonl", text);
      await button("What would it cost?").click();
      await button("Send and train").click();
    };
    await train(rows(10, " FAIL"));
    await job().getByText("The job failed due to an invalid training file").waitFor();
    await train(rows(12));
    await job().getByRole("button", { name: "Cancel the job" }).click();
    await job().getByText("cancelled").waitFor();
    expect(server.jobs.map(({ cancelled }) => cancelled)).toEqual([false, false, true]);
    for (const id of ["ftjob-1", "ftjob-2", "ftjob-3"]) await button(new RegExp(`^Forget ${id}`)).click();
    await page.getByText(/^None yet/).waitFor();
    await button("Find jobs").click();
    await button(/^ftjob-3/).waitFor();
    await expect.poll(() => button(/^ftjob-/).count()).toBe(3);
  });

  test("shows the same jobs in every tab", async () => {
    const other = await site.context.newPage();
    await other.goto(`${site.url}#/endpoint`);
    await other.getByRole("button", { name: /^Forget ftjob-2/ }).click();
    await expect.poll(() => button(/^ftjob-/).allTextContents()).toHaveLength(2);
    expect(await button(/^ftjob-2/).count()).toBe(0);
    await page.goto(`${site.url}#/models`);
    await button("Find jobs").waitFor({ state: "detached" });
    await other.getByRole("button", { name: /^Forget ftjob-3/ }).click();
    await page.goto(`${site.url}#/endpoint`);
    await expect.poll(() => button(/^ftjob-/).allTextContents()).toHaveLength(1);
    await other.close();
  });
});
