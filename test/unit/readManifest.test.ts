import { beforeEach, expect, test, vi } from "vitest";
import shipped from "../../models/manifest.json";
import { manifest, manifestError, readManifest } from "../../src/app/models/manifest";
import { manifestFiles } from "../../src/app/models/manifestFiles";
import { readReference, referenceError } from "../../src/app/models/reference";
import { dropOtherFiles } from "../../src/storage/modelFiles";

vi.mock("../../src/storage/modelFiles", () => ({ dropOtherFiles: vi.fn(async () => {}) }));

/** Reads a manifest, where the browser says whether it is online. */
async function read(content: unknown, onLine: boolean): Promise<void> {
  vi.stubGlobal("document", { baseURI: "http://host/page/" });
  vi.stubGlobal("navigator", { onLine });
  vi.stubGlobal("fetch", async () => Response.json(content));
  await readManifest();
}

beforeEach(() => vi.mocked(dropOtherFiles).mockClear());

test("a manifest that was read frees the space of files that ship no more", async () => {
  await read(shipped, true);
  expect(dropOtherFiles).toHaveBeenCalledWith("http://host/page/models/", manifestFiles(shipped));
});

test.each([
  ["that may be an older one, since the browser is offline", shipped, false],
  ["that cannot be used", { version: 1 }, true],
])("a manifest %s frees none", async (_, content, onLine) => {
  await read(content, onLine);
  expect(dropOtherFiles).not.toHaveBeenCalled();
});

test("the reference completions that cannot be read for want of the manifest say why that is", async () => {
  manifest.value = null;
  vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
  await readReference();
  expect(referenceError.value).toMatchObject({ message: "models/manifest.json: HTTP 404" });
  expect(referenceError.value).toBe(manifestError.value);
});
