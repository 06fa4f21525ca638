/** The built page on a plain host, and one browser in front of it. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../chromium";
import { type Fault, serveFolder, stopServer } from "./staticServer";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const BASE = "/some/where/";

export interface Site {
  readonly url: string;
  readonly context: BrowserContext;
  /** Every address asked for, by pages, workers and the service worker. */
  readonly requested: string[];
  /** What is wrong with files on the host for as long as they are in here, by path. */
  readonly faults: Map<string, Fault>;
  /** Takes the host off the network; the browser stays. */
  readonly unplug: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Builds the page. Returns the folder that holds it.
 * @throws where the models are not there: the page is tested on what it ships.
 */
export function buildSite(): string {
  if (!existsSync(join(ROOT, "models", "manifest.json"))) {
    throw new Error("models/manifest.json is missing: models/recipe makes it");
  }
  execFileSync(join(ROOT, "node_modules", ".bin", "vite"), ["build", "--logLevel", "error"], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "inherit",
  });
  return join(ROOT, "dist");
}

/** Builds the page, unless a folder is given, and opens a browser that has seen nothing. @throws as buildSite does. */
export async function openSite(folder = buildSite()): Promise<Site> {
  const faults = new Map<string, Fault>();
  const { url, server } = await serveFolder(folder, BASE, faults);
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: ["--no-sandbox"],
    ...(executablePath && { executablePath }),
  });
  // Without motion: axe would meet a transition half way between two colours.
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
  });
  const requested: string[] = [];
  context.on("request", (request) => requested.push(request.url()));
  let plugged = true;
  const unplug = async (): Promise<void> => {
    if (plugged) await stopServer(server);
    plugged = false;
  };
  return {
    url,
    context,
    requested,
    faults,
    unplug,
    close: async () => {
      await browser.close();
      await unplug();
    },
  };
}

/**
 * Opens an address of the site in a browser that has not been there. The host sends no headers, so the page loads itself
 * once more, isolated by its service worker; what a test reads before that may be cut off.
 */
export async function visitFirst(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => crossOriginIsolated && navigator.serviceWorker.controller !== null);
}
