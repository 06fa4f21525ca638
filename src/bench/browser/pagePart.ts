/**
 * The built page as somebody meets it: until a recorded run is drawn where the browser has nothing in its caches, and
 * until the first streamed token where it has the weights. Times are from the address to the frame that shows it.
 */

import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { findChromium } from "../../../test/chromium";
import { buildSite } from "../../../test/e2e/site";
import { serveFolder, stopServer } from "../../../test/e2e/staticServer";
import { isolation } from "../../../vite.config";
import { type Figure, figureOf } from "../../experiments/byTurns";
import { say } from "./parts";

const RECORDED_RUN = "#/studies?studies.name=match";
/** Points of a plot. */
const DRAWN = ".plot .point";
/** Text of a completion. */
const STREAMED = ".completion-text:not(:empty)";
/**
 * V8 writes the last of what it has compiled of a WASM file 2 s after it has compiled the last of it. A slow machine still
 * compiles for seconds when the run is over.
 */
const COMPILED_MS = 15_000;

export interface PageFigures {
  /** ms until the recorded run of a study is drawn, cold cache. */
  readonly usable_ms: Figure;
  /** The same on a host that sends no headers, where a first visit loads the page a second time. */
  readonly usable_plain_host_ms: Figure;
  /**
   * ms until the first streamed token: the page opened anew after a visit with a run, weights in the cache, Run pressed as
   * soon as it is there.
   */
  readonly first_token_ms: Figure;
}

export async function measurePage(repeats: number): Promise<PageFigures> {
  say("building the page");
  const folder = buildSite();
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: ["--no-sandbox"],
    ...(executablePath && { executablePath }),
  });
  const isolated = await serveFolder(folder, "/", new Map(), isolation);
  const plain = await serveFolder(folder, "/", new Map());
  try {
    const usable: number[] = [];
    const usablePlain: number[] = [];
    // One visit before does not count: the server reads the files.
    for (let repeat = -1; repeat < repeats; repeat++) {
      const [own, other] = [await visit(browser, isolated.url), await visit(browser, plain.url)];
      if (repeat < 0) continue;
      usable.push(own);
      usablePlain.push(other);
      say(`${repeat + 1}/${repeats} visits`);
    }
    return {
      usable_ms: figureOf(usable),
      usable_plain_host_ms: figureOf(usablePlain),
      first_token_ms: figureOf(await firstTokens(browser, isolated.url, repeats)),
    };
  } finally {
    await browser.close();
    await Promise.all([isolated, plain].map(({ server }) => stopServer(server)));
  }
}

/** A visit of a browser with empty caches, until a recorded run is drawn in the page that stays. */
async function visit(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  const { page, seen } = await watchedPage(context, DRAWN);
  const start = Date.now();
  await page.goto(url + RECORDED_RUN);
  await page.waitForFunction(
    (selector) => crossOriginIsolated && document.querySelector(selector) !== null,
    DRAWN,
  );
  const drawn = (await seen()) - start;
  await context.close();
  return drawn;
}

async function firstTokens(browser: Browser, url: string, repeats: number): Promise<number[]> {
  const context = await browser.newContext();
  const first = await context.newPage();
  first.setDefaultTimeout(0);
  await first.goto(url);
  await first.getByRole("button", { name: /^Download/ }).click();
  await first.locator("[data-state=ready]").waitFor();
  await first.close();
  const times: number[] = [];
  for (let repeat = -1; repeat < repeats; repeat++) {
    const { page, seen } = await watchedPage(context, STREAMED);
    const start = Date.now();
    await page.goto(url);
    await page.getByRole("button", { name: "Load models and run" }).click();
    await page.locator(STREAMED).first().waitFor();
    const time = (await seen()) - start;
    if (repeat < 0) {
      // As a visit that somebody made: its run ends, and the browser keeps the code that it compiled meanwhile.
      await page.getByText("Done.", { exact: true }).waitFor();
      await page.waitForTimeout(COMPILED_MS);
    }
    await page.close();
    if (repeat < 0) continue;
    times.push(time);
    say(`${repeat + 1}/${repeats} first tokens`);
  }
  await context.close();
  return times;
}

/** A page that tells when the first frame with something of the selector came; the document that came last counts. */
async function watchedPage(context: BrowserContext, selector: string) {
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  let latest = 0;
  let told = (): void => {};
  const once = new Promise<void>((resolve) => {
    told = resolve;
  });
  await page.exposeFunction("benchSeen", (at: number) => {
    latest = at;
    told();
  });
  // No function in it has a name: tsx would wrap it with a helper that the page does not have.
  await page.addInitScript((wanted) => {
    new MutationObserver((_, watcher) => {
      if (document.querySelector(wanted) === null) return;
      watcher.disconnect();
      requestAnimationFrame(() =>
        (globalThis as unknown as { benchSeen(at: number): void }).benchSeen(
          performance.timeOrigin + performance.now(),
        ),
      );
    }).observe(document, { childList: true, subtree: true, characterData: true });
  }, selector);
  return {
    page,
    async seen(): Promise<number> {
      await once;
      return latest;
    },
  };
}
