/**
 * The service worker: the page reloads offline, and is cross-origin isolated (which gives WASM its threads)
 * on hosts that send no headers.
 *
 * Model weights are not its business: they are checked by sha256 and kept in a cache of their own.
 */

import { CONNECT_SRC } from "../build/connectSrc";
import type { SiteFiles } from "../build/serviceWorkerFiles";

/** Built files relative to this script, and a version that changes with them; written in by the build. */
declare const __SITE__: SiteFiles;

const worker = self as unknown as ServiceWorkerGlobalScope;
const site = __SITE__;
const scope = new URL(worker.registration.scope);
/** Other copies of the page on this origin, under other paths, have caches of their own. */
const PREFIX = `reward-dial-site${scope.pathname}?`;
/** Before there were several copies, a version alone named a cache. */
const OLD_PREFIX = "reward-dial-site-";
/** The frame that endpoints are asked from. Isolated less strictly, it can tell a server that is not there from one that lets no page read its answer. */
const ENDPOINT = "endpoint.html";
/** Asks for that frame isolated as the page is: a browser that does not know "credentialless" opens it no other way. */
const STRICT = "?require-corp";
const MANIFEST = "models/manifest.json";
const ASSETS = new URL("assets/", location.href).href;
const cacheName = PREFIX + site.version;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(cacheName).then((cache) =>
      Promise.all(
        site.files.map(async (file) => {
          const { ok, status } = await store(cache, new Request(file, { cache: "reload" }));
          // The version before stays in use, and the browser tries again with a later visit.
          if (!ok) throw new Error(`${file} came with status ${status}`);
          // A first version takes no other's place, and may lack what a full disk has no room for.
          const whole = !worker.registration.active || (await cache.match(file));
          if (!whole) throw new Error(`${file} could not be kept`);
        }),
      ),
    ),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      // From the newest to the oldest: what is there already stays.
      for (const name of (await caches.keys()).reverse()) {
        if (name === cacheName || !(await isOwn(name))) continue;
        await takeOver(name);
        await caches.delete(name);
      }
      await worker.clients.claim();
    })(),
  );
});

/** Whether a cache is one of this copy's versions. */
async function isOwn(name: string): Promise<boolean> {
  if (!name.startsWith(OLD_PREFIX)) return name.startsWith(PREFIX);
  const requests = await (await caches.open(name)).keys();
  return requests.every(({ url }) => url.startsWith(scope.href));
}

/** What was kept on use and has the same name in this version: without it, no model would load offline. */
async function takeOver(old: string): Promise<void> {
  const [from, to] = await Promise.all([caches.open(old), caches.open(cacheName)]);
  for (const file of [...site.keptOnUse, MANIFEST]) {
    const found = await from.match(file);
    if (found && !(await to.match(file))) await keep(to, file, found);
  }
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname))
    return;
  const path = url.pathname.slice(scope.pathname.length);
  const embedder = url.search === STRICT ? "require-corp" : "credentialless";
  if (path === ENDPOINT) event.respondWith(page(request).then((found) => isolated(found, embedder)));
  else if (request.mode === "navigate") event.respondWith(page(request).then(isolated));
  else if (path.startsWith("assets/")) event.respondWith(asset(request));
  else if (path === MANIFEST) event.respondWith(fresh(request).then(isolated));
  else if (site.files.includes(path)) event.respondWith(fresh(request).then(isolated));
});

/** The newest page when online, so that a new version shows at once; the kept one otherwise. */
async function page(request: Request): Promise<Response> {
  return orKept(
    () => fetch(request),
    async () =>
      (await caches.match(request, { cacheName, ignoreSearch: true })) ??
      (await caches.match(scope, { cacheName })),
  );
}

/** What the network answers; where there is none, or the server fails, what is kept. */
async function orKept(
  ask: () => Promise<Response>,
  findKept: () => Promise<Response | undefined>,
): Promise<Response> {
  try {
    const response = await ask();
    return response.status < 500 ? response : ((await findKept()) ?? response);
  } catch (error) {
    const kept = await findKept();
    if (kept) return kept;
    throw error;
  }
}

/** Built files carry a hash of their content in their name, so a kept one is never stale. */
async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(request)) ?? store(cache, request);
}

/** Fetches and keeps. */
async function store(cache: Cache, request: Request): Promise<Response> {
  const response = isolated(await fetch(request));
  await keep(cache, request, response.clone());
  return response;
}

/** A full disk must not stop a file that has arrived, so it is then just not kept. */
async function keep(cache: Cache, request: Request | string, response: Response): Promise<void> {
  if (response.status === 200) await cache.put(request, response).catch(() => {});
}

/** Files whose name stays while their content changes: from the network when online. */
async function fresh(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return orKept(
    async () => {
      const response = await fetch(request);
      await keep(cache, request, response.clone());
      return response;
    },
    () => cache.match(request),
  );
}

function isolated(response: Response, embedder = "require-corp"): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", embedder);
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  // Workers connect where the headers of their scripts let them: the policy of the page does not reach them.
  if (response.url.startsWith(ASSETS)) headers.set("Content-Security-Policy", CONNECT_SRC);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
