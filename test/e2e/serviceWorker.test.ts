/** The service worker of the built page: over new versions of the site, and in a browser that knows less than Chromium. */

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SiteFiles } from "../../build/serviceWorkerFiles";
import { serveCompletions } from "../support/completionServer";
import { type HttpServer, serveHttp } from "../support/httpServer";
import { buildSite, openSite, type Site, visitFirst } from "./site";

const PATIENCE_MS = 30_000;
const MANIFEST = "models/manifest.json";

let folder: string;
let site: Site;
/** Of the names of this site's caches. */
let prefix: string;
let page: Page;
let server: HttpServer;
/** As they were built. */
let html: string;
let script: string;
let built: SiteFiles;

beforeAll(async () => {
  const dist = buildSite();
  folder = mkdtempSync(join(tmpdir(), "site-"));
  cpSync(dist, folder, { recursive: true, filter: (path) => path !== join(dist, "models") });
  symlinkSync(join(dist, "models"), join(folder, "models"));
  html = readFileSync(join(folder, "index.html"), "utf8");
  script = readFileSync(join(folder, "sw.js"), "utf8");
  built = JSON.parse(/\{"version":[^}]*\}/.exec(script)?.[0] ?? "");
  server = await serveCompletions();
  site = await openSite(folder);
  prefix = `reward-dial-site${new URL(site.url).pathname}?`;
  page = await site.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
}, 180_000);

afterAll(async () => {
  await site?.close();
  await server?.close();
  rmSync(folder, { recursive: true });
});

/** Puts a version on the host whose page bears its name. */
function deploy(version: string, changes: Partial<SiteFiles> = {}, worker = script): void {
  const site = JSON.stringify({ ...built, version, ...changes });
  writeFileSync(join(folder, "index.html"), html.replace("<html", `<html data-version="${version}"`));
  writeFileSync(
    join(folder, "sw.js"),
    worker.replace(JSON.stringify(built), () => site),
  );
}

const versionShown = () => page.locator("html").getAttribute("data-version");

/** What becomes of the version on the host. Runs in the page. */
async function fateOfUpdate(): Promise<string> {
  const registration = await navigator.serviceWorker.ready;
  await registration.update();
  const worker = registration.installing ?? registration.waiting;
  while (worker?.state === "installing") {
    await new Promise((changed) => worker.addEventListener("statechange", changed, { once: true }));
  }
  return worker?.state ?? "redundant";
}

/** What each of the site's caches holds, by its version, relative to the page. Runs in the page. */
async function keptFiles(prefix: string): Promise<Record<string, string[]>> {
  const kept: Record<string, string[]> = {};
  for (const name of (await caches.keys()).filter((name) => name.startsWith(prefix))) {
    const requests = await (await caches.open(name)).keys();
    kept[name.slice(prefix.length)] = requests.map(({ url }) =>
      url.slice(new URL(".", location.href).href.length),
    );
  }
  return kept;
}

/** Keeps something under an address in each of these caches. Runs in the page. */
async function keepFile({ names, address }: { names: string[]; address: string }): Promise<void> {
  for (const name of names) await (await caches.open(name)).put(address, new Response());
}

/** Of the files named, those that the page gets. */
const answered = (files: readonly string[]): Promise<string[]> =>
  page.evaluate(async (files) => {
    const found = await Promise.all(
      files.map((file) =>
        fetch(file).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    );
    return files.filter((_, i) => found[i]);
  }, files);

const recordedRun = () => page.getByRole("region", { name: "Result" }).getByRole("slider").first();

test("the page's workers connect to its own origin alone", async () => {
  deploy("first");
  await visitFirst(page, `${site.url}#/studies?studies.name=match`);
  const reader = built.files.find((file) => file.includes("/reader.worker")) ?? "";
  const [worker] = await Promise.all([
    page.waitForEvent("worker"),
    page.evaluate((file) => void new Worker(new URL(file, document.baseURI), { type: "module" }), reader),
  ]);
  const connects = (url: string) =>
    worker.evaluate(
      (url) =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      url,
    );
  expect(await connects(new URL(MANIFEST, site.url).href)).toBe(true);
  expect(await connects(`${server.url}/v1/models`)).toBe(false);
  expect(server.received).toEqual([]);
});

test("where the endpoint's own frame is blocked, one isolated like the page takes its place", async () => {
  deploy("unknown", {}, script.replaceAll("credentialless", "unknown"));
  const context = await site.context.browser()?.newContext();
  if (context === undefined) throw new Error("the context belongs to no browser");
  const other = await context.newPage();
  other.setDefaultTimeout(PATIENCE_MS);
  await visitFirst(other, `${site.url}#/endpoint`);
  const ask = async (baseUrl: string): Promise<void> => {
    await other.getByLabel("Base URL", { exact: true }).fill(baseUrl);
    await other.getByRole("button", { name: "Test the connection" }).click();
  };
  await ask(`${server.url}/v1`);
  await other.getByText("It answers, and offers 1 model.").waitFor();
  const closed = await serveHttp((_, response) => {
    response.removeHeader("Access-Control-Allow-Origin");
    response.end("{}");
  });
  await ask(`${closed.url}/v1`);
  await other.getByRole("alert").getByText("gives no answer that this page may read").waitFor();
  await closed.close();
  await context.close();
});

test("a new version of which a file is missing does not take the place of the one before", async () => {
  deploy("broken", { files: [...built.files, "assets/missing.js"] });
  await page.reload();
  expect(await page.evaluate(fateOfUpdate)).toBe("redundant");
  expect((await page.evaluate(keptFiles, prefix)).first).toEqual(
    expect.arrayContaining(built.files.slice(1)),
  );
});

test("nor does one that the disk has no room for", async () => {
  deploy("large");
  const devtools = await site.context.newCDPSession(page);
  const { origin } = new URL(site.url);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
  expect(await page.evaluate(fateOfUpdate)).toBe("redundant");
  const { first, large } = await page.evaluate(keptFiles, prefix);
  await devtools.send("Storage.overrideQuotaForOrigin", { origin });
  await devtools.detach();
  // Files that come at the same time may be kept beside the first.
  expect(large?.length).toBeLessThan(built.files.length);
  expect(first).toEqual(expect.arrayContaining(built.files.slice(1)));
});

test("a new version keeps for offline use, and for when the host fails, what was used before and is still its own, and leaves other copies of the page theirs", async () => {
  const [dropped = "", ...keptOnUse] = built.keptOnUse;
  expect(await answered(built.keptOnUse)).toEqual(built.keptOnUse);
  await recordedRun().waitFor();
  await expect.poll(async () => (await page.evaluate(keptFiles, prefix)).first).toContain(MANIFEST);
  const others = ["reward-dial-site/other/?first", "reward-dial-site-first"];
  await page.evaluate(keepFile, { names: others, address: "/other/" });
  await page.evaluate(keepFile, { names: ["reward-dial-site-older"], address: "assets/older.js" });
  deploy("second", { keptOnUse });
  await page.reload();
  expect(await page.evaluate(fateOfUpdate)).toBe("installed");
  const address = page.url();
  await expect
    .poll(async () => {
      await page.close();
      page = await site.context.newPage();
      await page.goto(address);
      return Object.keys(await page.evaluate(keptFiles, prefix));
    })
    .toEqual(["second"]);
  expect(await page.evaluate(() => caches.keys())).toEqual(expect.arrayContaining(others));
  expect(await page.evaluate(() => caches.has("reward-dial-site-older"))).toBe(false);
  for (const path of ["index.html", MANIFEST]) site.faults.set(path, "failing");
  await page.reload();
  expect(await versionShown()).toBe("second");
  expect(await answered([MANIFEST])).toEqual([MANIFEST]);
  await site.unplug();
  await page.goto("about:blank");
  await page.goto(address);
  expect(await versionShown()).toBe("second");
  await recordedRun().waitFor();
  expect(await answered([...keptOnUse, MANIFEST])).toEqual([...keptOnUse, MANIFEST]);
  expect(await answered([dropped])).toEqual([]);
});
