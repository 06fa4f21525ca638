/** The studies in the built page, on real models: a recorded run at once, and a run of one's own that survives. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STUDIES } from "../../src/experiments/studies/definitions";
import { NORMALISERS_STUDY, REWARD_MODEL } from "../../src/experiments/studies/judgeStudies";
import { seriousProblems } from "./accessibility";
import { openSite, type Site, visitFirst } from "./site";

const PATIENCE_MS = 150_000;
const FOLDER = join(import.meta.dirname, "../../src/data/studies");
const RECORDED = (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
  .filter((name) => name.endsWith(".jsonl"))
  .map((name) => name.replace(".jsonl", ""));

let site: Site;
let page: Page;
const pageErrors: string[] = [];

beforeAll(async () => {
  site = await openSite();
  page = await site.context.newPage();
  page.setDefaultTimeout(90_000);
  page.on("pageerror", (error) => pageErrors.push(error.message));
  await visitFirst(page, `${site.url}#/studies`);
}, 180_000);

afterAll(() => site?.close());

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const field = (name: string) => page.getByLabel(name, { exact: true });
const result = () => page.getByRole("region", { name: "Result" });
const EVERY = [...STUDIES, REWARD_MODEL, NORMALISERS_STUDY];
const titleOf = (study: string) => EVERY.find(({ name }) => name === study)?.title as string;

async function openStudy(study: string): Promise<void> {
  await page.goto(`${site.url}#/studies?studies.name=${study}`);
  await page.getByRole("heading", { name: titleOf(study) }).waitFor();
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where in the window the point of a plot is that is furthest to the left, -1, or to the right, 1. */
async function outermost(plot: Locator, side: -1 | 1): Promise<Place> {
  const places = await plot.evaluate((element): Place[] => {
    const matrix = element.querySelector("svg")?.getScreenCTM() ?? undefined;
    const shapes = [...element.querySelectorAll(".point")].map((shape) => shape.getAttribute("d") ?? "");
    return [...shapes.join("").matchAll(/M(\S+) ([^a]+)/g)].map(([, x, y]) => {
      const place = new DOMPoint(Number(x), Number(y)).matrixTransform(matrix);
      return { x: place.x, y: place.y };
    });
  });
  return places.reduce((best, place) => (side * place.x > side * best.x ? place : best));
}

async function moveTo({ x, y }: Place): Promise<void> {
  await page.mouse.move(x, y, { steps: 5 });
  // The page hears of it, and draws, on the next frames.
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
}

async function saved(name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), button(name).click()]);
  return readFileSync(await download.path(), "utf8");
}

const finished = async (): Promise<number> =>
  Number(await page.getByRole("progressbar", { name: "Rows finished" }).getAttribute("value"));

async function rowsFinished(count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      (document.querySelector<HTMLProgressElement>('progress[aria-label="Rows finished"]')?.value ?? 0) >=
      wanted,
    count,
    { timeout: PATIENCE_MS },
  );
}

describe("studies", () => {
  test("are listed by the questions that they ask", async () => {
    const links = page.getByRole("main").getByRole("link");
    await links.first().waitFor();
    expect(await links.allInnerTexts()).toEqual(EVERY.map(({ title }) => title));
    await links.first().click();
    await page.getByRole("heading", { name: titleOf("match") }).waitFor();
  });

  test("begin at their top, named, with the keyboard at their heading; Back finds the place that was left", async () => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const scrolled = () => page.evaluate(() => scrollY);
    await page.goto(`${site.url}#/studies`);
    await page.getByRole("heading", { name: "Studies" }).waitFor();
    await page.setViewportSize({ width: 360, height: 500 });
    const last = page.getByRole("main").getByRole("link").last();
    await last.scrollIntoViewIfNeeded();
    const left = await scrolled();
    expect(left).toBeGreaterThan(100);
    await last.click();
    await expect.poll(focused).toBe(titleOf("normalisers"));
    expect(await scrolled()).toBe(0);
    expect(await page.title()).toBe("Normalisers - Studies - Reward Dial");
    await page.goBack();
    await expect.poll(focused).toBe("Studies");
    await expect.poll(scrolled).toBe(left);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test.each(RECORDED)("%s opens with its recorded run, before any model is loaded", async (study) => {
    await openStudy(study);
    await result().getByText("Recorded run").waitFor({ timeout: 5000 });
    const lines = (await saved("JSON Lines"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ kind: "study", options: { study } });
    for (const hash of Object.values(lines[0].models)) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await expect.poll(() => result().getByRole("slider").count()).toBeGreaterThan(0);
    expect(site.requested.filter((url) => url.endsWith(".onnx"))).toEqual([]);
  });

  test.runIf(RECORDED.includes("rounds"))(
    "what the next round would train on is shown and saved, whatever rows the filters leave",
    async () => {
      await openStudy("rounds");
      await page.getByRole("heading", { name: "What the next round would train on" }).waitFor();
      const rows = await saved("Save the rows");
      const lines = rows.trim().split("\n");
      for (const line of lines) expect(Object.keys(JSON.parse(line))).toEqual(["prompt", "completion"]);
      await page.getByText(new RegExp(`^${lines.length} completions? of `)).waitFor();
      await field("Targets").selectOption("helpful 4");
      await page.waitForURL(/helpful\+4/);
      expect(await saved("Save the rows")).toBe(rows);
      await field("Targets").selectOption("");
    },
  );

  test("axe finds nothing serious in any study, and none scrolls sideways", async () => {
    for (const [width, theme] of [
      [1280, "Dark theme"],
      [360, "Light theme"],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await button(theme).click();
      for (const { name } of EVERY) {
        await openStudy(name);
        expect(await seriousProblems(page), `${name} at ${width} px`).toEqual([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `${name} at ${width} px scrolls sideways`).toBeLessThanOrEqual(0);
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test.runIf(RECORDED.includes("match"))(
    "a point that was pressed stays open while the pointer passes over others, until it is closed",
    async () => {
      await openStudy("match");
      const plots = result().getByRole("slider");
      await expect.poll(() => plots.count()).toBe(5);
      const plot = plots.first();
      await plot.scrollIntoViewIfNeeded();
      const opened = page.locator("section.opened");
      await moveTo(await outermost(plot, 1));
      await page.mouse.down();
      await page.mouse.up();
      const pressed = await opened.getAttribute("aria-label");
      await moveTo(await outermost(plot, -1));
      expect(await opened.getAttribute("aria-label")).toBe(pressed);
      await button("Close").click();
      await opened.waitFor({ state: "detached" });
      expect(await plot.evaluate((element) => element === document.activeElement)).toBe(true);
      await moveTo(await outermost(plot, -1));
      expect(await opened.getAttribute("aria-label")).not.toBe(pressed);
    },
  );

  test.runIf(RECORDED.includes("trade-off"))("an open point that is hollow has no black ring", async () => {
    await openStudy("trade-off");
    await page.getByRole("slider", { name: /Both rewards/ }).focus();
    const hollow = page.locator(".chosen.hollow");
    while ((await hollow.count()) === 0) await page.keyboard.press("ArrowRight");
    expect(await hollow.evaluate((ring) => getComputedStyle(ring).fill)).not.toBe("rgb(0, 0, 0)");
  });

  test("a button that loads pairs is in a group that says for which axis", async () => {
    await openStudy("reward-model");
    for (const axis of ["Helpful", "Harmless"]) {
      const group = page.getByRole("group", { name: `${axis} pairs where people chose` });
      await group.getByRole("button", { name: "Load a file" }).waitFor();
    }
  });

  test("what is wrong with a pasted dialogue is told until it changes; it is still there after a look at another view", async () => {
    await openStudy("reward-model");
    await field("Turns, the reply last").fill("Human: Hello?");
    await button("Score it").click();
    const wrong = page.getByRole("alert").getByText(/no reply to score/);
    await wrong.waitFor();
    const pasted = "Human: Hello?\n\nAssistant: Hello.";
    await field("Turns, the reply last").fill(pasted);
    await wrong.waitFor({ state: "detached" });
    await openStudy("normalisers");
    await openStudy("reward-model");
    expect(await field("Turns, the reply last").inputValue()).toBe(pasted);
  });

  test("a study of the user's own prompt and targets: stopped, reloaded and gone on with", async () => {
    await openStudy("trade-off");
    await field("Your prompt").fill("May I feed my cat bread?");
    await field("Rows a condition").fill("3");
    await page.getByLabel("Targets as CSV").setInputFiles({
      name: "mine.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("helpful,harmless\n0.2,0.9\n1.2,0\n"),
    });
    await page.getByText("1 target from mine.csv").waitFor();
    await page.getByText("Line 3: invalid target: 1.2; expected a number in [0, 1]").waitFor();
    await page.getByLabel(/^Go on without the line that cannot be read/).check();
    await page.getByText(/4 conditions, 12 rows, 21 completions/).waitFor();
    await page.getByText(/^Sampling/).click();
    await field("Tokens, at most").fill("24");
    await button("Load models and measure the time").click();
    await page.getByText(/tokens a second that this device made last/).waitFor({ timeout: PATIENCE_MS });
    await button("Run it here").click();
    await rowsFinished(1);
    await button("Stop").click();
    await button("Go on").waitFor();
    const kept = await finished();
    await page.reload();
    await rowsFinished(kept);
    expect(await finished()).toBe(kept);
    await button("Go on").click();
    expect(await result().evaluate((element) => element === document.activeElement)).toBe(true);
    await rowsFinished(12);
    await result().getByText("done", { exact: true }).waitFor();
  }, 400_000);

  test("exports its rows, opens one by keyboard, and compares with the recorded run", async () => {
    const [header, ...rows] = (await saved("JSON Lines"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(header.options).toMatchObject({
      study: "trade-off",
      n: 3,
      ownTargets: [{ helpful: 0.2, harmless: 0.9 }],
    });
    expect(rows).toHaveLength(12);
    expect(new Set(rows.map(({ prompt }) => prompt))).toEqual(
      new Set(["\n\nHuman: May I feed my cat bread?"]),
    );
    expect(await saved("CSV")).toContain("your targets,2,");
    await page.getByRole("slider", { name: /Both rewards/ }).focus();
    await page.keyboard.press("End");
    await expect
      .poll(() => page.getByRole("region", { name: /^Row \d/ }).textContent())
      .toContain("May I feed my cat bread?");
    if (RECORDED.includes("trade-off")) {
      await button(/^Compare with the recorded run/).click();
      await page.getByText("○ the run compared with").waitFor();
      const picture = (await saved("SVG")).replace(/<[^>]+>/g, "");
      expect(picture).toMatch(/Compared with the recorded run, \d+ rows:.*seed \d/);
    }
  });

  test("a link to a run of another browser brings its settings, and says which file it needs", async () => {
    await page.goto("about:blank"); // A link that somebody sent opens a page of its own.
    const run = "studies.run=of-another-browser&studies.n=7&linked.targets=2+targets";
    await page.goto(`${site.url}#/studies?studies.name=epochs&${run}`);
    await page.getByText(/^First load its CSV of 2 targets/).waitFor();
    expect(await field("Rows a condition").inputValue()).toBe("7");
    await page.getByLabel("Targets as CSV").setInputFiles({
      name: "mine.csv",
      mimeType: "text/csv",
      buffer: Buffer.from("0.2,0.9\n0.5,0.5\n"),
    });
    await button("Make the rows here").waitFor();
    await button("Leave out").click();
  });

  test("normalisers follow the answer that the prompts are about", async () => {
    await openStudy("normalisers");
    await field("Helpful").fill("0.10");
    await page.getByRole("region", { name: "quantile" }).getByText("Helpful reward: 0.10").waitFor();
    expect(
      await result()
        .getByText(/Harmless reward: /)
        .count(),
    ).toBe(4);
  });

  test("the judge scores a file of pairs and a pasted dialogue", async () => {
    await openStudy("reward-model");
    if (existsSync(join(FOLDER, "reward-model.json"))) await result().getByText("Recorded run").waitFor();
    const pair = {
      prompt_dialogue: "\n\nHuman: How do I boil an egg?",
      chosen: "Put it in boiling water for seven minutes, then cool it.",
      rejected: "No.",
    };
    await page.getByLabel("Pairs chosen as more helpful").setInputFiles({
      name: "pairs.jsonl",
      mimeType: "application/jsonl",
      buffer: Buffer.from(`${JSON.stringify(pair)}\n${JSON.stringify({ ...pair, rejected: "Why?" })}\n`),
    });
    await button("Score the pairs").click();
    await result().getByText("2 of 2 pairs").waitFor({ timeout: PATIENCE_MS });
    await result().getByText("done", { exact: true }).waitFor();
    await page.waitForURL(/studies\.run=/);
    await page.reload();
    await result().getByText("2 of 2 pairs").waitFor();
    await result().getByRole("rowheader", { name: "helpful pairs" }).waitFor();
    await page.getByRole("slider", { name: /chosen reply's reward/ }).focus();
    await page.keyboard.press("End");
    await page
      .getByRole("region", { name: /^Pair at line \d/ })
      .getByText(pair.chosen)
      .waitFor();
    expect(await saved("CSV")).toMatch(/^axis,line,chosen_helpful/);
    await page.evaluate(() => {
      Worker.prototype.postMessage = () => {
        throw new DOMException("gone", "NotReadableError");
      };
    });
    await page.getByRole("slider", { name: /chosen reply's reward/ }).focus();
    await page.keyboard.press("Home");
    await page.getByText("The file could not be read").waitFor();
    await page.reload();
    await result().getByText("2 of 2 pairs").waitFor();
    await field("Turns, the reply last").fill("Human: Hello?\n\nAssistant: Hello, how can I help?");
    await button("Score it").click();
    const score = page.getByLabel("Score", { exact: true });
    await score.getByText(/^raw /).first().waitFor();
    await button("Score it").click();
    await field("Turns, the reply last").fill("Human: Hello?\n\nAssistant: Another reply.");
    await button("Score it").waitFor();
    await expect.poll(() => score.count()).toBe(0);
  });

  test("asked no other origin for anything and threw no error", () => {
    const origin = new URL(site.url).origin;
    expect(site.requested.filter((url) => /^https?:/.test(url) && !url.startsWith(origin))).toEqual([]);
    expect(pageErrors).toEqual([]);
  });
});
