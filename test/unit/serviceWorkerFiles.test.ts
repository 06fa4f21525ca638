import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publicFiles, siteFiles } from "../../build/serviceWorkerFiles";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "public-"));
  mkdirSync(join(folder, "icons"));
  writeFileSync(join(folder, "theme.js"), "one");
  writeFileSync(join(folder, "icons", "dial.svg"), "<svg/>");
});
afterEach(() => rmSync(folder, { recursive: true }));

const bundle = [
  { path: "index.html", content: "<html>" },
  { path: "assets/index-1a.js", content: "run()" },
  { path: "assets/ort-2b.wasm", content: new Uint8Array([1, 2]) },
  { path: "assets/openai-3c.js", content: "ask()" },
  { path: "assets/match-4d.jsonl", content: "{}" },
];

describe("what the service worker keeps", () => {
  test("is the page, its scripts and every public file, but no WASM, SDK or recorded run before it is used", () => {
    const { files, keptOnUse } = siteFiles([...bundle, ...publicFiles(folder)]);
    expect(files.toSorted()).toEqual(["./", "assets/index-1a.js", "icons/dial.svg", "theme.js"]);
    expect(keptOnUse).toEqual(["assets/ort-2b.wasm", "assets/openai-3c.js", "assets/match-4d.jsonl"]);
  });

  test("gets a new version when a public file has other content", () => {
    const version = () => siteFiles([...bundle, ...publicFiles(folder)]).version;
    const before = version();
    expect(version()).toBe(before);
    writeFileSync(join(folder, "theme.js"), "two");
    expect(version()).not.toBe(before);
  });

  test("gets a new version when any built file has other content", () => {
    const versions = bundle.map(
      ({ path }) =>
        siteFiles(bundle.map((file) => (file.path === path ? { path, content: "other" } : file))).version,
    );
    expect(new Set([siteFiles(bundle).version, ...versions]).size).toBe(bundle.length + 1);
  });
});
