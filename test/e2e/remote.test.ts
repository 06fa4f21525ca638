/**
 * The built page with an endpoint in the place of its policy: what leaves the page, where to, and what never does.
 * The endpoint is a server of ours on another origin; the judge is the shipped one.
 */

import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Asked, MODEL, serveCompletions } from "../support/completionServer";
import { type HttpServer, sendError, serveHttp } from "../support/httpServer";
import { expectAccessible } from "./accessibility";
import { openSite, type Site, visitFirst } from "./site";

const KEY = "sk-never-to-be-seen-again";
const PATIENCE_MS = 170_000;

let site: Site;
let page: Page;
let server: HttpServer;
/** Answers, but lets no page of another origin read it. */
let closed: HttpServer;
/** Wants no key. */
let other: HttpServer;
/** Answers that the filter of `server` holds back yet. */
let heldBack = 0;
const said: string[] = [];

beforeAll(async () => {
  server = await serveCompletions((_, { headers }, response) => {
    const known = headers.authorization === `Bearer ${KEY}`;
    if (known && heldBack === 0) return false;
    if (known) {
      heldBack--;
      sendError(response, 400, { message: "Against our policy", code: "content_filter" });
    } else {
      sendError(response, 401, { message: `Incorrect API key provided: ${headers.authorization}` });
    }
    return true;
  });
  other = await serveCompletions();
  closed = await serveHttp((_, response) => {
    response.removeHeader("Access-Control-Allow-Origin");
    response.writeHead(200).end("{}");
  });
  site = await openSite();
  page = await site.context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  await visitFirst(page, site.url);
}, 180_000);

afterAll(async () => {
  await site?.close();
  await server?.close();
  await closed?.close();
  await other?.close();
});

const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
const tab = (name: string) =>
  page.getByRole("navigation", { name: "Views" }).getByRole("link", { name, exact: true });
const field = (name: string | RegExp) => page.getByLabel(name, { exact: true });
const alert = (text: string | RegExp) => page.getByRole("alert").getByText(text);
const results = () => page.getByRole("region", { name: "Results" });
const note = () => page.getByRole("region", { name: "Endpoint" });

const asked = (): Asked[] =>
  server.received.filter(({ path }) => !path.endsWith("/models")).map(({ body }) => JSON.parse(body));

/** Requests to origins other than the page's. */
const elsewhere = (): string[] => {
  const origin = new URL(site.url).origin;
  return site.requested.filter((url) => /^https?:/.test(url) && !url.startsWith(`${origin}/`));
};

describe("before an endpoint is set up", () => {
  test("nothing leaves the origin, and the SDK is not loaded", async () => {
    await tab("Endpoint").click();
    await field("Base URL").waitFor();
    expect(elsewhere()).toEqual([]);
    expect(site.requested.filter((url) => /\/openai-[^/]*\.js/.test(url))).toEqual([]);
  });

  test("axe finds nothing serious, at three widths and in both themes", async () => {
    await expectAccessible(page);
  });
});

describe("an endpoint that cannot be used says why and what to do", () => {
  const tried = async (baseUrl: string, message: Locator): Promise<void> => {
    await field("Base URL").fill(baseUrl);
    await button("Test the connection").click();
    await message.waitFor();
  };

  test("an address that is none", async () => {
    await field("Base URL").fill("https://me:secret@host/v1");
    await page.getByText("invalid base URL for host: expected no user name").waitFor();
    await field("Base URL").fill("host");
    await page.getByText("invalid base URL: expected an address").waitFor();
  });

  test("a server that lets no page read its answers", () =>
    tried(`${closed.url}/v1`, alert(/answers, but does not let a page of .* read it \(CORS\)/)));

  test("a server that is not there", () =>
    tried("http://127.0.0.1:2/v1", alert(/does not answer: check the address/)));

  test("an offline network", async () => {
    await site.context.setOffline(true);
    await tried("http://endpoint.example/v1", alert(/this computer is offline/));
    await site.context.setOffline(false);
  });

  test("a wrong key, which is not shown", async () => {
    await field("Model").fill(MODEL);
    await field("Base URL").fill(`${server.url}/v1`);
    await field("Key").fill("sk-a-wrong-one");
    await button("Use it in Play, Match and Studies").click();
    await tab("Play").click();
    await field("Completions").fill("1");
    await button(/run/i).click();
    await alert(/401 Incorrect API key provided: Bearer \(your key\); check the key/).waitFor();
  });

  test("a server that is gone, as soon as a run meets it", async () => {
    await tab("Endpoint").click();
    await field("Base URL").fill("http://127.0.0.1:2/v1");
    await button("Use what is set now").click();
    await tab("Play").click();
    await button(/run/i).click();
    await page.getByRole("status").getByText("127.0.0.1:2 does not answer.").waitFor();
    await button("Stop").click();
    await results().getByText("Stopped.", { exact: true }).waitFor();
    expect(await page.getByText("127.0.0.1:2 does not answer.").count()).toBe(0);
  });
});

describe("an endpoint in the policy's place", () => {
  test("answers in Play, with its prices in view and its rewards by the judge here", async () => {
    await tab("Endpoint").click();
    await field("Base URL").fill(`${server.url}/v1`);
    await field("Key").fill(KEY);
    await field("Price of prompts").fill("1000");
    await field("Price of answers").fill("1000");
    await button("Test the connection").click();
    await page.getByText("It answers, and offers 1 model.").waitFor();
    await button("Use what is set now").click();
    await tab("Play").click();
    const prompt = page.getByRole("region", { name: "The exact prompt" });
    await expect.poll(() => prompt.textContent()).toMatch(/^user: How do I boil .*<SOS>$/s);
    await field("Completions").fill("2");
    await page.getByText(/^Costs about \$0\.\d\d if no answer ends early: 2 answers by writer-1/).waitFor();
    server.received.length = 0;
    await button(/run/i).click();
    await results().getByText("Done.", { exact: true }).waitFor();
    expect(asked()).toHaveLength(2);
    expect(asked()[0]).toMatchObject({ model: MODEL, messages: [{ role: "user" }] });
    const texts = await results().locator(".completion-text").allInnerTexts();
    expect(texts.map((text) => text.trim())).toEqual(
      asked().map(({ seed }) => expect.stringContaining(`by seed ${seed}`)),
    );
    await expect.poll(() => results().getByText("asked 0.80").count()).toBe(4);
    await expect.poll(() => note().textContent()).toContain("2 answers paid for, 60 + 4 tokens, $0.06");
  });

  test("again from the cache: the same texts without a request", async () => {
    server.received.length = 0;
    await button(/run/i).click();
    await note().getByText("2 kept from before").waitFor();
    await results().getByText("Done.", { exact: true }).waitFor();
    expect(server.received).toEqual([]);
  });

  test("answers in Match; a second run of the same settings pays for nothing", async () => {
    await tab("Match").click();
    await field("Rows").fill("10");
    await button("Match 10 rows").click();
    await page.getByText("done", { exact: true }).waitFor();
    expect(asked()).toHaveLength(10);
    // Drawn after the run is said to be done.
    await page.getByRole("table").first().getByRole("cell", { name: "10", exact: true }).first().waitFor();
    const figures = await page.getByRole("table").first().textContent();
    server.received.length = 0;
    await button("Match 10 rows").click();
    await note().getByText("12 kept from before").waitFor();
    await page.getByText("done", { exact: true }).waitFor();
    expect(server.received).toEqual([]);
    await expect.poll(() => page.getByRole("table").first().textContent()).toBe(figures);
  });

  test("holds an answer back by its filter: Match has the other rows, and this one where it answers later", async () => {
    await field("Seed").fill("1");
    heldBack = 1;
    await button("Match 10 rows").click();
    await alert(/content filter cut the answer to ".+" off; leave that prompt out/).waitFor();
    await page.getByText("9 of 10 rows", { exact: true }).waitFor();
    await button("Go on with the rest").click();
    await page.getByText("10 of 10 rows", { exact: true }).waitFor();
    await page.getByText("done", { exact: true }).waitFor();
  });

  test("answers in a study, which says what it cannot do", async () => {
    await tab("Studies").click();
    await page.getByRole("heading", { name: "Match", exact: true }).getByRole("link").click();
    await field("Rows a condition").fill("2");
    await page.getByText(/^Costs about \$\d\.\d\d if no answer ends early: 20 answers by writer-1/).waitFor();
    server.received.length = 0;
    await button("Run it here").click();
    const result = page.getByRole("region", { name: "Result" });
    await result.getByText("20 of 20 rows").waitFor();
    await result.getByText("done", { exact: true }).waitFor();
    // Conditions that ask the same pay for it once.
    expect(asked().length).toBeGreaterThan(10);
    expect(asked().length).toBeLessThanOrEqual(20);
    await page.getByText("needs guidance, which an endpoint has not.").waitFor();
  });

  test("is alone in getting its key: another address asks for its own", async () => {
    await tab("Endpoint").click();
    await field("Base URL").fill(`${other.url}/v1`);
    await page.getByText("Type the one for", { exact: false }).waitFor();
    expect(await page.getByText("It answers, and offers").count()).toBe(0);
    expect(await field("Key").inputValue()).toBe("");
    await button("Test the connection").click();
    await expect.poll(() => other.received.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await field("Base URL").fill(`${server.url}/v1`);
    await expect.poll(() => field("Key").inputValue()).toBe(KEY);
  });

  test("over a reload the key is forgotten, and with it the endpoint; kept where the user ticks it", async () => {
    await page.reload();
    await tab("Endpoint").click();
    await expect.poll(() => field("Key").inputValue()).toBe("");
    await expect.poll(() => field("Base URL").inputValue()).toBe(`${server.url}/v1`);
    await button("Use it in Play, Match and Studies").waitFor();
    await field("Key").fill(KEY);
    await field(/^Keep it in this tab/).check();
    await button("Use it in Play, Match and Studies").click();
    await note()
      .getByText(/\d\d answers paid for/)
      .waitFor();
    await page.reload();
    await note()
      .getByText(/\d\d answers paid for/)
      .waitFor();
    await expect.poll(() => field("Key").inputValue()).toBe(KEY);
  });
});

describe("the key", () => {
  test("is in the tab's session storage only because that was asked for", async () => {
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toContain(KEY);
    await field(/^Keep it in this tab/).uncheck();
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(KEY);
  });

  test("is in no address, storage, database, export, markup, error or log", async () => {
    const exports = await exported();
    expect(exports).toHaveLength(2);
    const held = {
      addresses: [page.url(), ...site.requested],
      storage: await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
      databases: await page.evaluate(dumpDatabases),
      caches: await page.evaluate(dumpCaches),
      markup: await page.content(),
      exports,
      said,
    };
    expect(held.databases).toContain(`${server.url}/v1 ${MODEL}`);
    for (const [where, text] of Object.entries(held)) expect(JSON.stringify(text), where).not.toContain(KEY);
  });
});

describe("answers that are kept", () => {
  test("can be forgotten, and taken back", async () => {
    await tab("Endpoint").click();
    const kept = page.getByText(/^\d+ answers kept in this browser/);
    const before = await kept.textContent();
    await button("Forget them").click();
    await page.getByText("Forgotten. The same questions are paid for again.").waitFor();
    await kept.waitFor({ state: "detached" });
    await button("Undo").click();
    await expect.poll(() => kept.textContent()).toBe(before);
    await button("Forget them").click();
    await expect.poll(() => page.getByText("kept in this browser").count()).toBe(0);
  });
});

describe("what leaves the page", () => {
  test("went to the addresses that the user typed and nowhere else", () => {
    const typed = [server.url, closed.url, other.url, "http://127.0.0.1:2", "http://endpoint.example"];
    expect(elsewhere().filter((url) => !typed.some((origin) => url.startsWith(`${origin}/`)))).toEqual([]);
  });

  test("can go by the frame alone, and from it to that origin alone", async () => {
    await tab("Endpoint").click();
    await button("Test the connection").click();
    await page.getByText("It answers, and offers 1 model.").waitFor();
    const count = server.received.length;
    const tries = await page.evaluate(
      async ([open, other]) => {
        const frame = document.querySelector("iframe")?.contentWindow as (Window & typeof globalThis) | null;
        const works = (ask: Promise<unknown>) =>
          ask.then(
            () => true,
            () => false,
          );
        return {
          page: await works(fetch(`${open}/v1/models`)),
          beacon: await works(fetch(`${open}/v1/models`, { mode: "no-cors" })),
          frame: frame && (await works(frame.fetch(`${open}/v1/models`))),
          frameElsewhere: frame && (await works(frame.fetch(`${other}/v1`, { mode: "no-cors" }))),
        };
      },
      [server.url, closed.url] as const,
    );
    expect(tries).toEqual({ page: false, beacon: false, frame: true, frameElsewhere: false });
    expect(server.received).toHaveLength(count + 1);
  });
});

/** The open match as JSON Lines and CSV. */
async function exported(): Promise<string[]> {
  await tab("Match").click();
  await page
    .getByRole("list")
    .getByRole("button", { name: /uniform, seed 0/ })
    .first()
    .click();
  const texts: string[] = [];
  for (const name of ["JSON Lines", "CSV"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), button(name).click()]);
    texts.push(await readFile(await download.path(), "utf8"));
  }
  return texts;
}

/** Every record of every IndexedDB database, as JSON. Runs in the page. */
async function dumpDatabases(): Promise<string> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const dumps: unknown[] = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await done(indexedDB.open(name as string));
    for (const store of db.objectStoreNames) {
      const records = db.transaction(store).objectStore(store);
      dumps.push([name, store, await done(records.getAllKeys()), await done(records.getAll())]);
    }
    db.close();
  }
  return JSON.stringify(dumps);
}

/** Addresses and texts of all that Cache Storage holds, but for weights. Runs in the page. */
async function dumpCaches(): Promise<string> {
  const dumps: string[] = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      const type = response?.headers.get("Content-Type") ?? "";
      dumps.push(request.url, /text|json|javascript/.test(type) ? ((await response?.text()) ?? "") : "");
    }
  }
  return dumps.join("\n");
}
