/** A LoRA from outside, as a user brings it: dropped on the Models page, then a policy in Play and Match. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seriousProblems } from "./accessibility";
import { openSite, type Site, visitFirst } from "./site";

const PATIENCE_MS = 90_000;
const SHIPPED = join(import.meta.dirname, "..", "..", "models", "policy", "adapters", "main.safetensors");

let site: Site;
let page: Page;
let weights: Buffer;

beforeAll(async () => {
  weights = await readFile(SHIPPED);
  site = await openSite();
  page = await site.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await visitFirst(page, `${site.url}#/models`);
}, 120_000);

afterAll(() => site?.close());

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const field = (name: string) => page.getByLabel(name, { exact: true });
const tab = (name: string) =>
  page.getByRole("navigation", { name: "Views" }).getByRole("link", { name, exact: true });
const results = () => page.getByRole("region", { name: "Results" });

function give(...files: readonly { readonly name: string; readonly buffer: Buffer }[]): Promise<void> {
  return field("Adapter files").setInputFiles(
    files.map((file) => ({ ...file, mimeType: "application/octet-stream" })),
  );
}

/** The text of one completion; a seed gives the same one to the same policy. */
async function completion(seed: string): Promise<string> {
  await field("Seed").fill(seed);
  await button(/run/i).click();
  await results().getByText("Done.", { exact: true }).waitFor({ timeout: 150_000 });
  return ((await results().locator(".completion-text").textContent()) ?? "").trim();
}

describe("an adapter from outside", () => {
  test("that is none is refused, and says why", async () => {
    await give({ name: "notes.safetensors", buffer: Buffer.from("These are my notes.") });
    await page
      .getByRole("alert")
      .getByText(/notes\.safetensors is not a safetensors file/)
      .waitFor();
    await give({ name: "adapter_config.json", buffer: Buffer.from('{"peft_type":"IA3"}') });
    await page
      .getByRole("alert")
      .getByText(/notes\.safetensors is not a safetensors file/)
      .waitFor();
  });

  test("is shown with what it is, and added under a name", async () => {
    await button("Remove").click();
    await give({ name: "adapter_model.safetensors", buffer: weights });
    await page.getByText(/^16, scaled by/).waitFor();
    await field("Name").fill("two words");
    await page.getByText('invalid name: "two words"').waitFor();
    await field("Name").fill("mine");
    await button("Add the adapter").click();
    await page.getByText(createHash("sha256").update(weights).digest("hex")).last().waitFor();
    await button("Use the shipped one instead of mine").waitFor();
  });

  test("axe finds nothing serious on the Models page, and nothing scrolls sideways", async () => {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await seriousProblems(page), `${width} px`).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0);
    }
  });

  test("writes in Play, after a reload too, and the same again after another policy has", async () => {
    await tab("Play").click();
    await page.reload();
    await page.getByText(/Your LoRA of rank 16/).waitFor();
    await field("Completions").fill("1");
    await page.getByText(/^Sampling/).click();
    await field("Tokens, at most").fill("12");
    const own = await completion("0");
    await field("Policy").selectOption("as shipped");
    expect(await completion("1")).not.toBe(own);
    await field("Policy").selectOption("mine");
    expect(await completion("0")).toBe(own);
    await tab("Models").click();
    await page.getByRole("definition").getByText("mine", { exact: true }).waitFor();
    // The shipped one is kept although this page's policy does without it.
    await page
      .getByRole("row", { name: /^policy\/adapters\/main\.safetensors/ })
      .getByRole("cell", { name: "yes", exact: true })
      .waitFor();
  }, 360_000);

  test("is recorded in a run by its sha256", async () => {
    await tab("Match").click();
    await field("Rows").fill("10");
    await page.getByText(/^Sampling/).click();
    await field("Tokens, at most").fill("4");
    await button(/match/i).click();
    await page.getByText("done", { exact: true }).waitFor({ timeout: 200_000 });
    const [download] = await Promise.all([page.waitForEvent("download"), button("JSON Lines").click()]);
    const [header = ""] = (await readFile(await download.path(), "utf8")).split("\n");
    const { models } = JSON.parse(header);
    expect(models["own/bottom/adapter_model.safetensors"]).toBe(
      createHash("sha256").update(weights).digest("hex"),
    );
    expect(models).not.toHaveProperty("policy/adapters/main.safetensors");
  }, 360_000);

  test("is deleted, and that is taken back", async () => {
    await tab("Models").click();
    await button("Delete adapter mine").click();
    await page.getByText("Deleted the adapter mine.").waitFor();
    await expect.poll(() => button("Delete adapter mine").count()).toBe(0);
    const heading = page.getByRole("heading", { name: "Your own adapters" });
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
    await button("Undo").click();
    await button("Use the shipped one instead of mine").waitFor();
  });
});
