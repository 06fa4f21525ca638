import { afterEach, expect, test, vi } from "vitest";
import { sha256 } from "../../src/domain/sha256";
import { readModelFile } from "../../src/storage/modelFiles";

const FOLDER = "http://host/models/";

/** Cache Storage with room for so many entries. */
function stubCaches(room: number): Map<string, Response> {
  const kept = new Map<string, Response>();
  const cache = {
    match: async (url: string) => kept.get(url)?.clone(),
    keys: async () => [...kept.keys()].map((url) => ({ url })),
    delete: async (entry: Request | string) => kept.delete(typeof entry === "string" ? entry : entry.url),
    put: async (url: string | URL, response: Response) => {
      if (kept.size === room) throw new DOMException("the quota is used up", "QuotaExceededError");
      kept.set(String(url), response);
    },
  };
  vi.stubGlobal("caches", { open: async () => cache });
  return kept;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a new version of a file is kept in the room of the older one where there is no other", async () => {
  const kept = stubCaches(1);
  kept.set(`${FOLDER}base?sha256=older`, new Response("older"));
  const bytes = new TextEncoder().encode("newer");
  const file = { path: "base", bytes: bytes.length, sha256: await sha256(bytes) };
  const network = vi.fn(async () => new Response(bytes));
  vi.stubGlobal("fetch", network);
  expect(await readModelFile(FOLDER, file)).toEqual(bytes);
  expect([...kept.keys()]).toEqual([`${FOLDER}base?sha256=${file.sha256}`]);
  expect(await readModelFile(FOLDER, file)).toEqual(bytes);
  expect(network).toHaveBeenCalledTimes(1);
});

test("a kept file that cannot be read any more is downloaded again", async () => {
  const kept = stubCaches(1);
  const bytes = new TextEncoder().encode("base");
  const file = { path: "base", bytes: bytes.length, sha256: await sha256(bytes) };
  const address = `${FOLDER}base?sha256=${file.sha256}`;
  const lost = () =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError("lost")) }));
  kept.set(address, lost());
  await expect(readModelFile(FOLDER, file, { cachedOnly: true })).rejects.toMatchObject({
    code: "model-missing",
  });
  kept.set(address, lost());
  vi.stubGlobal("fetch", async () => new Response(bytes));
  expect(await readModelFile(FOLDER, file)).toEqual(bytes);
  expect(await kept.get(address)?.clone().text()).toBe("base");
});
