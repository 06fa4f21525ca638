import { openAsBlob, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textChunks } from "../../src/storage/textChunks";

const TEXT = "What is snow?\n".repeat(1000);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "text-chunks-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function textOf(file: Blob, onBytes?: (bytes: number) => void): Promise<string> {
  let text = "";
  for await (const chunk of textChunks(file, onBytes)) text += chunk;
  return text;
}

const withStream = (file: Blob, stream: () => ReadableStream): Blob => Object.assign(file, { stream });

test.each([
  ["plain", new Blob([TEXT])],
  ["gzipped", new Blob([gzipSync(TEXT)])],
  ["empty", new Blob([])],
])("a %s file is read to its end, and its bytes are counted", async (name, file) => {
  let bytes = 0;
  expect(await textOf(file, (more) => (bytes += more))).toBe(name === "empty" ? "" : TEXT);
  expect(bytes).toBe(file.size);
});

test.each([
  ["bytes that are no text", new Blob([new Uint8Array([0xff, 0xfe])]), "expected UTF-8 text, or gzip"],
  ["half a gzipped file", new Blob([gzipSync(TEXT).subarray(0, 40)]), "expected whole gzipped UTF-8 text"],
])("%s are said to be wrong", async (_, file, message) => {
  await expect(textOf(file)).rejects.toMatchObject({
    code: "invalid-json-line",
    message: expect.stringContaining(message),
  });
});

describe("a file that has changed since it was chosen is to be chosen again", () => {
  const broken = () => new ReadableStream({ pull: (stream) => stream.error(new TypeError("network error")) });

  test.each([
    ["where it cannot be read at all", changedFile],
    ["where its stream fails, as in Chromium", () => withStream(new Blob([TEXT]), broken)],
    ["where its stream fails and it is gzipped", () => withStream(new Blob([gzipSync(TEXT)]), broken)],
    ["where it ends too early", () => withStream(new Blob([TEXT]), () => new Blob([TEXT.slice(5)]).stream())],
  ])("%s", async (_, changed) => {
    await expect(textOf(await changed())).rejects.toMatchObject({
      code: "invalid-json-line",
      message: "the file has changed or is gone since it was chosen; choose it again",
    });
  });

  async function changedFile(): Promise<Blob> {
    const path = join(folder, "prompts.txt");
    writeFileSync(path, TEXT);
    const file = await openAsBlob(path);
    writeFileSync(path, "Other text");
    return file;
  }
});
