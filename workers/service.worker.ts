/**
 * The service worker: the page reloads offline, and is cross-origin isolated (which gives WASM its threads)
 * on hosts that send no headers.
 *
 * Model weights are not its business: they are checked by sha256 and kept in a cache of their own.
 */

/** Built files relative to this script, and a version that changes with them; written in by the build. */
declare const __SITE__: { readonly version: string; readonly files: readonly string[] };

const worker = self as unknown as ServiceWorkerGlobalScope;
const PREFIX = "reward-dial-site-";
const site = __SITE__;
/** The frame that endpoints are asked from. Isolated less strictly, it can tell a server that is not there from one that lets no page read its answer. */
const ENDPOINT = "endpoint.html";
const cacheName = PREFIX + site.version;

worker.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) =>
        Promise.all(site.files.map((file) => store(cache, new Request(file, { cache: "reload" })))),
      ),
  );
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      await Promise.all(
        names
          .filter((name) => name.startsWith(PREFIX) && name !== cacheName)
          .map((name) => caches.delete(name)),
      );
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const scope = new URL(worker.registration.scope);
  if (request.method !== "GET" || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname))
    return;
  const path = url.pathname.slice(scope.pathname.length);
  if (path === ENDPOINT) event.respondWith(page(request).then((found) => isolated(found, "credentialless")));
  else if (request.mode === "navigate") event.respondWith(page(request).then(isolated));
  else if (path.startsWith("assets/")) event.respondWith(asset(request));
  else if (path === "models/manifest.json") event.respondWith(fresh(request).then(isolated));
  else if (site.files.includes(path)) event.respondWith(fresh(request).then(isolated));
});

/** The newest page when online, so that a new version shows at once; the kept one otherwise. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const start = new URL("./", worker.registration.scope);
    const kept = (await caches.match(request, { cacheName })) ?? (await caches.match(start, { cacheName }));
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
  await keep(cache, request, response);
  return response;
}

/** A full disk must not stop a file that has arrived, so it is then just not kept. */
async function keep(cache: Cache, request: Request, response: Response): Promise<void> {
  if (response.status === 200) await cache.put(request, response.clone()).catch(() => {});
}

/** Files whose name stays while their content changes: from the network when online. */
async function fresh(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  try {
    const response = await fetch(request);
    await keep(cache, request, response);
    return response;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}

function isolated(response: Response, embedder = "require-corp"): Response {
  if (response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", embedder);
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
