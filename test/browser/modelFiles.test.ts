import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ModelFile } from "../../src/runtimes/local/manifest";
import { cachedFiles, clearModelFiles, dropOtherFiles, readModelFile } from "../../src/storage/modelFiles";

const FOLDER = new URL("/test/fixtures/", location.href).href;
const PATH = "attention.onnx";

async function hash(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function theFile(): Promise<ModelFile> {
  const bytes = await (await fetch(FOLDER + PATH)).arrayBuffer();
  return { path: PATH, bytes: bytes.byteLength, sha256: await hash(bytes) };
}

async function replaceKept(change: (bytes: Uint8Array) => void): Promise<void> {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      if (!request.url.includes(PATH)) continue;
      const bytes = new Uint8Array(await ((await cache.match(request)) as Response).arrayBuffer());
      change(bytes);
      await cache.put(request, new Response(bytes));
    }
  }
}

beforeEach(clearModelFiles);

describe("readModelFile", () => {
  it("downloads once, counts bytes, and reads the kept copy after", async () => {
    const file = await theFile();
    let counted = 0;
    const onBytes = (bytes: number) => {
      counted += bytes;
    };
    expect(await cachedFiles(FOLDER, [file])).toEqual(new Set());
    const bytes = await readModelFile(FOLDER, file, { onBytes });
    expect(await hash(bytes.slice().buffer)).toBe(file.sha256);
    expect(counted).toBe(file.bytes);
    expect(await cachedFiles(FOLDER, [file])).toEqual(new Set([PATH]));
    const network = vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("no network"));
    expect(await readModelFile(FOLDER, file)).toEqual(bytes);
    network.mockRestore();
  });

  it("downloads a file once for two who ask at the same time", async () => {
    const file = await theFile();
    const network = vi.spyOn(globalThis, "fetch");
    const [first, second] = await Promise.all([readModelFile(FOLDER, file), readModelFile(FOLDER, file)]);
    expect(network).toHaveBeenCalledTimes(1);
    network.mockRestore();
    expect(second).toEqual(first);
  });

  it("deletes a damaged copy, says so, and downloads it the next time", async () => {
    const file = await theFile();
    await readModelFile(FOLDER, file);
    await replaceKept((bytes) => {
      bytes[100] = (bytes[100] as number) ^ 1;
    });
    await expect(readModelFile(FOLDER, file)).rejects.toMatchObject({
      name: "DialError",
      code: "model-damaged",
      recoverable: true,
      message: expect.stringContaining(PATH),
    });
    expect(await cachedFiles(FOLDER, [file])).toEqual(new Set());
    expect((await readModelFile(FOLDER, file)).length).toBe(file.bytes);
  });

  it("keeps nothing that arrives damaged", async () => {
    const wrong = { ...(await theFile()), sha256: "0".repeat(64) };
    await expect(readModelFile(FOLDER, wrong)).rejects.toMatchObject({
      code: "model-damaged",
      recoverable: true,
    });
    expect(await cachedFiles(FOLDER, [wrong])).toEqual(new Set());
  });

  it("says which file is not there", async () => {
    const missing = { path: "none.onnx", bytes: 1, sha256: "0".repeat(64) };
    // The tests' own server answers every address with a page.
    const network = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("", { status: 404 }));
    await expect(readModelFile(FOLDER, missing)).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringMatching(/none\.onnx .*the server answered 404/),
    });
    network.mockRestore();
  });

  it("says which file cannot be reached", async () => {
    const away = { path: "none.onnx", bytes: 1, sha256: "0".repeat(64) };
    await expect(readModelFile("http://127.0.0.1:9/", away)).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringContaining("none.onnx"),
    });
  });

  it("asks no network where it may not", async () => {
    const file = await theFile();
    const network = vi.spyOn(globalThis, "fetch");
    await expect(readModelFile(FOLDER, file, { cachedOnly: true })).rejects.toMatchObject({
      code: "model-missing",
    });
    expect(network).not.toHaveBeenCalled();
    network.mockRestore();
    const bytes = await readModelFile(FOLDER, file);
    expect(await readModelFile(FOLDER, file, { cachedOnly: true })).toEqual(bytes);
  });

  it("drops the older version of a file when a newer one is kept", async () => {
    const file = await theFile();
    await readModelFile(FOLDER, file);
    const cache = await caches.open((await caches.keys())[0] as string);
    const old = new URL(`${PATH}?sha256=${"1".repeat(64)}`, FOLDER).href;
    await cache.put(old, new Response("old"));
    await cache.delete(new URL(`${PATH}?sha256=${file.sha256}`, FOLDER).href);
    await readModelFile(FOLDER, file);
    expect(await cache.match(old)).toBeUndefined();
  });
});

it("drops the files of a folder that are named no more, and no other", async () => {
  const file = await theFile();
  await readModelFile(FOLDER, file);
  const cache = await caches.open((await caches.keys())[0] as string);
  const version = `?sha256=${"1".repeat(64)}`;
  const [older, gone, elsewhere] = [
    new URL(PATH + version, FOLDER).href,
    new URL(`gone.onnx${version}`, FOLDER).href,
    new URL(`/elsewhere/gone.onnx${version}`, FOLDER).href,
  ] as const;
  for (const url of [older, gone, elsewhere]) await cache.put(url, new Response("bytes"));
  await dropOtherFiles(FOLDER, [file]);
  expect(await cachedFiles(FOLDER, [file])).toEqual(new Set([PATH]));
  expect(await cache.match(gone)).toBeUndefined();
  // Another tab may yet load by the manifest before.
  expect(await cache.match(older)).toBeDefined();
  expect(await cache.match(elsewhere)).toBeDefined();
});
