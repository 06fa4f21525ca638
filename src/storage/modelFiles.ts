/**
 * Model files in this browser's Cache Storage, each checked by sha256 whenever it is read.
 *
 * A file is kept as soon as it has arrived whole, so a load that was cut off goes on with the files that are missing.
 */

import { DialError } from "../domain/errors";
import { sha256 } from "../domain/sha256";
import type { ModelFile } from "../runtimes/local/manifest";
import { withLock } from "./withLock";

const CACHE = "reward-dial-models-1";

interface ReadOptions {
  /** Called as bytes arrive, with the number of new bytes; a cached file arrives at once. */
  readonly onBytes?: (bytes: number) => void;
  /** Throws "model-missing" rather than ask the network. */
  readonly cachedOnly?: boolean;
}

/**
 * The bytes of a file, from the cache or from the network.
 * @param folder address of the folder that the manifest lies in, with a slash at the end.
 * @throws DialError "model-missing" (not there, or no network), "model-damaged" (deleted from the cache; recoverable).
 */
export async function readModelFile(
  folder: string,
  file: ModelFile,
  options: ReadOptions = {},
): Promise<Uint8Array> {
  const cache = await openCache();
  const kept = await readKept(cache, folder, file, options);
  if (kept) return kept;
  if (options.cachedOnly) {
    throw new DialError(
      "model-missing",
      `${file.path} is not on this device; load again to download it`,
      true,
    );
  }
  // Models share files and load beside one another, in workers and tabs: who comes second waits, and finds the file kept.
  return withLock(key(folder, file), async () => {
    const arrived = await readKept(cache, folder, file, options);
    if (arrived) return arrived;
    const bytes = await download(folder, file, options);
    if ((await sha256(bytes)) !== file.sha256) {
      throw damaged(
        file,
        `it arrived damaged (${bytes.length} of ${file.bytes} bytes); nothing was kept, load again`,
      );
    }
    await keep(cache, folder, file, bytes);
    return bytes;
  });
}

/** The checked bytes of a kept file; undefined where it is not kept. */
async function readKept(
  cache: Cache | undefined,
  folder: string,
  file: ModelFile,
  { onBytes }: ReadOptions,
): Promise<Uint8Array | undefined> {
  const bytes = await keptBytes(cache, key(folder, file));
  if (!bytes) return undefined;
  if ((await sha256(bytes)) === file.sha256) {
    onBytes?.(bytes.length);
    return bytes;
  }
  await cache?.delete(key(folder, file));
  throw damaged(file, "the copy on this device was damaged and has been deleted; load again to download it");
}

/** What is kept at an address. An entry that the browser has and cannot read any more is deleted, so that it is downloaded. */
async function keptBytes(cache: Cache | undefined, address: string): Promise<Uint8Array | undefined> {
  try {
    const kept = await cache?.match(address);
    return kept && new Uint8Array(await kept.arrayBuffer());
  } catch {
    await cache?.delete(address).catch(() => false);
    return undefined;
  }
}

/** Which of these files are in the cache, by path. They are checked when they are read. */
export async function cachedFiles(folder: string, files: readonly ModelFile[]): Promise<ReadonlySet<string>> {
  const cache = await openCache();
  const found = await Promise.all(
    files.map(async (file) => ((await cache?.match(key(folder, file))) ? [file.path] : [])),
  );
  return new Set(found.flat());
}

/** Removes what is in the cache from this folder, but for these files in any version; models that are loaded stay. */
export async function dropOtherFiles(
  folder: string,
  files: readonly Pick<ModelFile, "path">[],
): Promise<void> {
  const cache = await openCache();
  const named = new Set(files.map(({ path }) => new URL(path, folder).pathname));
  for (const request of (await cache?.keys()) ?? []) {
    const { href, pathname } = new URL(request.url);
    if (href.startsWith(folder) && !named.has(pathname)) await cache?.delete(request);
  }
}

/** Removes all model files from this device. */
export async function clearModelFiles(): Promise<void> {
  await caches.delete(CACHE);
}

/** Private windows and pages without TLS have no Cache Storage; there nothing is kept. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await caches.open(CACHE);
  } catch {
    return undefined;
  }
}

/** The address says the content, so a new version never meets an old copy. */
function key(folder: string, { path, sha256 }: ModelFile): string {
  return new URL(`${path}?sha256=${sha256}`, folder).href;
}

/**
 * Keeps a file in the room of its older versions, which are dropped first. A full disk must not stop a load, so it is then
 * just not kept.
 */
async function keep(
  cache: Cache | undefined,
  folder: string,
  file: ModelFile,
  bytes: Uint8Array,
): Promise<void> {
  try {
    const own = new URL(key(folder, file));
    for (const request of (await cache?.keys()) ?? []) {
      const other = new URL(request.url);
      if (other.pathname === own.pathname && other.search !== own.search) await cache?.delete(request);
    }
    await cache?.put(own, new Response(bytes as Uint8Array<ArrayBuffer>));
  } catch {
    // QuotaExceededError: the next load downloads the file again.
  }
}

async function download(folder: string, file: ModelFile, { onBytes }: ReadOptions): Promise<Uint8Array> {
  try {
    const response = await fetch(new URL(file.path, folder), { cache: "no-store" });
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const parts: Uint8Array[] = [];
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      onBytes?.(value.length);
    }
    return join(parts);
  } catch (error) {
    throw new DialError(
      "model-missing",
      `${file.path} could not be downloaded (${(error as Error).message}); files that arrived are kept, try again`,
      true,
    );
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function damaged({ path }: ModelFile, what: string): DialError {
  return new DialError("model-damaged", `${path}: ${what}`, true);
}
