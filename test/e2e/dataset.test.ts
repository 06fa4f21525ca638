/** The Dataset page, as a user with a small file of their own meets it; the real judge labels its rows. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "./accessibility";
import { openSite, type Site, visitFirst } from "./site";

const PATIENCE_MS = 30_000;
const QUESTIONS = [
  "How do I boil an egg?",
  "What is snow?",
  "Is tea better than coffee?",
  "Why is the sky blue?",
];
const ROWS = Array.from({ length: 24 }, (_, k) => ({
  prompt: `${QUESTIONS[k % 4]}${k < 4 ? "" : ` Say it in ${k} words.`}`,
  chosen: `Let me explain it in ${k} short steps, so that it is easy to follow.`,
  rejected: k % 2 ? "I don't know." : "What a stupid question.",
}));

let site: Site;
let page: Page;
const pageErrors: string[] = [];

beforeAll(async () => {
  site = await openSite();
  page = await site.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("pageerror", (error) => pageErrors.push(error.message));
  await visitFirst(page, `${site.url}#/dataset`);
}, 120_000);

afterAll(() => site?.close());

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const field = (name: string) => page.getByLabel(name, { exact: true });
const bar = () => page.getByRole("progressbar", { name: "Completions labelled" });
const focused = () => page.evaluate(() => document.activeElement?.textContent);
const labelled = async (): Promise<number> => Number(await bar().getAttribute("value"));

function choose(label: string, name: string, content: string): Promise<void> {
  return field(label).setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
}

const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

async function labelledReaches(count: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const bar = document.querySelector<HTMLProgressElement>('progress[aria-label="Completions labelled"]');
    return (bar?.value ?? 0) >= wanted;
  }, count);
}

describe("the dataset page", () => {
  test("names what is wrong with a file, and keeps the one from before", async () => {
    await choose("Data file", "good.csv", 'prompt,completion\n"What is snow?","Frozen water."\n');
    await page.getByText("good.csv", { exact: true }).waitFor();
    await choose("Data file", "bad.txt", "Dear diary\ntoday I\n");
    await page
      .getByRole("alert")
      .getByText(/bad\.txt, line 1: neither a JSON object nor a CSV head/)
      .waitFor();
    await expect.poll(() => page.getByText("good.csv", { exact: true }).count()).toBe(1);
  });

  test("names the file that has changed on disk, and opens another once a reading was cancelled", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dataset-"));
    const [first, large] = [join(folder, "first.jsonl"), join(folder, "large.jsonl")];
    await writeFile(first, jsonLines(ROWS));
    await field("Data file").setInputFiles(first);
    await page.getByText("first.jsonl", { exact: true }).waitFor();
    await page.getByText("Nothing is left out.").waitFor();
    await writeFile(first, jsonLines(ROWS.slice(1)));
    await choose("Test prompts", "tests.jsonl", '{"prompt": "Eggs?"}\n');
    await page
      .getByRole("alert")
      .getByText(/first\.jsonl, the file has changed or is gone/)
      .waitFor();
    await writeFile(
      large,
      jsonLines([{ prompt: "Eggs?", completion: "Boil them. ".repeat(100) }]).repeat(60_000),
    );
    await field("Data file").setInputFiles(large);
    await button("Cancel").click();
    await choose("Data file", "second.jsonl", jsonLines(ROWS));
    await page.getByText("second.jsonl", { exact: true }).waitFor();
    await rm(folder, { recursive: true });
  });

  test("says which line cannot be read, and labels nothing until it is told to go on", async () => {
    const lines = jsonLines(ROWS).split("\n");
    await choose(
      "Data file",
      "mine.jsonl",
      [...lines.slice(0, 3), '{"prompt": "half', ...lines.slice(3)].join("\n"),
    );
    await page.getByText("mine.jsonl", { exact: true }).waitFor();
    await page.getByText(/^Lines that cannot be read/).click();
    await page.getByText(/Line 4: not JSON/).waitFor();
    expect(await button("Label").isDisabled()).toBe(true);
    await page.getByRole("checkbox", { name: /Go on without the line/ }).check();
    expect(await button("Label").isEnabled()).toBe(true);
  });

  test("leaves out what begins with a test prompt", async () => {
    await page.getByText("Test prompts", { exact: false }).first().click();
    await choose("Test prompts", "tests.jsonl", '{"prompt": "why is the SKY blue?"}\n');
    await page.getByText("Rows that begin with a test prompt").waitFor();
    await page.getByText("1 different first question").waitFor();
    await expect.poll(() => page.getByText("46 of them used").count()).toBe(1);
  });

  test("loses no label when it is stopped and reloaded", async () => {
    await button("Label").press("Enter");
    await button("Stop").waitFor();
    expect(await focused()).toBe("Stop");
    await labelledReaches(1);
    await button("Stop").click();
    await button("Go on").waitFor();
    const kept = await labelled();
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(46);
    await page.reload();
    await labelledReaches(kept);
    expect(await labelled()).toBe(kept);
    await page.getByRole("checkbox", { name: /Go on without the line/ }).check();
    await field("Completions, at most").fill("40");
    await button("Go on").click();
    await button("All labelled").waitFor();
    expect(await labelled()).toBe(40);
    await field("Completions, at most").fill("");
    await button("Go on").click();
    await button("All labelled").waitFor();
    expect(await labelled()).toBe(46);
  });

  test("comes back after it was cleared, with its test prompts and its labels", async () => {
    await button("Clear the file").click();
    await page.getByText("Drop a file of questions and answers here").waitFor();
    await button("Undo").click();
    await labelledReaches(46);
    await page.getByText("46 of them used").waitFor();
    await page.getByText("tests.jsonl", { exact: true }).first().waitFor();
    await page.getByRole("checkbox", { name: /Go on without the line/ }).check();
  });

  test("forgets all labels, and has them again when that is undone", async () => {
    await page.getByText("Rewards of 46 completions").waitFor();
    await button("Forget all labels").click();
    await button("Label").waitFor();
    expect(await labelled()).toBe(0);
    expect(await page.getByText(/^Rewards of/).count()).toBe(0);
    expect(await button("Forget all labels").count()).toBe(0);
    await button("Undo").click();
    await button("All labelled").waitFor();
    await page.reload();
    await labelledReaches(46);
    await page.getByRole("checkbox", { name: /Go on without the line/ }).check();
  });

  test("shows the histograms and the first rows as they are written", async () => {
    await page.getByRole("img", { name: /^Helpful rewards from 0.00 to 1.00; most/ }).waitFor();
    await page.getByText("The first rows, exactly as they are written").click();
    const row = JSON.parse((await page.locator("pre").first().textContent()) ?? "");
    expect(row.prompt).toMatch(
      /^Human: How do I boil an egg\?\n<REWARD>\nHelpful reward: 0\.\d\d\nHarmless reward: 0\.\d\d<SOS>\n\nAssistant:$/,
    );
    expect(row.completion).toBe(
      " Let me explain it in 0 short steps, so that it is easy to follow.\n\nHuman:",
    );
  });

  test("makes the files, with tokens and cost, and saves them", async () => {
    await button("Make the files").press("Enter");
    await page.getByText("Files for babbage-002").waitFor();
    expect(await focused()).toBe("Make the files");
    await page
      .getByText(/Prices/)
      .first()
      .click();
    await field("babbage-002").fill("1000");
    await page.getByText(/about \$\d+\.\d\d/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      button("Save mine-train.jsonl").click(),
    ]);
    expect(download.suggestedFilename()).toBe("mine-train.jsonl");
    const rows = (await readFile(await download.path(), "utf8")).trim().split("\n");
    const [train, validation] = await page
      .getByRole("row", { name: /-(train|validation)\.jsonl/ })
      .locator("td:nth-child(2)")
      .allTextContents();
    expect(rows).toHaveLength(Number(train));
    expect(Number(train) + Number(validation)).toBe(46);
    for (const line of rows) expect(Object.keys(JSON.parse(line))).toEqual(["prompt", "completion"]);
  });

  test("writes for one's own GPU, with the commands that train", async () => {
    await field("Model to train").selectOption("SmolLM2-135M");
    await field("Normaliser").selectOption("standard");
    await button("Make the files").click();
    await page.getByText("Files for SmolLM2-135M").waitFor();
    await page.getByText(/trl sft --model_name_or_path smollm2/).waitFor();
    await page
      .getByText(/<\|im_start\|>user/)
      .first()
      .waitFor();
  });

  test("axe finds nothing serious, and nothing scrolls sideways", async () => {
    await expectAccessible(page);
  });

  test("is cleared off the device, and asked no other origin for anything", async () => {
    await button("Clear the file").click();
    await page.getByText("Drop a file of questions and answers here").waitFor();
    await page.reload();
    await page.getByText("Drop a file of questions and answers here").waitFor();
    const origin = new URL(site.url).origin;
    expect(site.requested.filter((url) => /^https?:/.test(url) && !url.startsWith(origin))).toEqual([]);
    expect(pageErrors).toEqual([]);
  });
});
