import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openJudge, openPolicy } from "../../src/runtimes/local/node";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reward-dial-"));
  mkdirSync(join(folder, "policy"));
  cpSync("models/manifest.json", join(folder, "manifest.json"));
  cpSync("models/policy/tokenizer.json", join(folder, "policy", "tokenizer.json"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("opening a model under Node", () => {
  it("names a file that is missing", async () => {
    await expect(openPolicy({ folder })).rejects.toMatchObject({
      name: "DialError",
      code: "model-missing",
      message: expect.stringContaining("policy/policy-nbits.layout.json is missing"),
    });
  });

  it("names a file whose sha256 is wrong", async () => {
    const path = join(folder, "policy", "tokenizer.json");
    // Files are read beside one another: one that is missing could be named first.
    for (const name of readdirSync("models/policy")) {
      if (name !== "tokenizer.json")
        symlinkSync(resolve("models/policy", name), join(folder, "policy", name));
    }
    writeFileSync(path, readFileSync(path, "utf8").replace("a", "b"));
    await expect(openPolicy({ folder })).rejects.toMatchObject({
      name: "DialError",
      code: "model-damaged",
      message: expect.stringContaining("policy/tokenizer.json is damaged"),
    });
  });

  it.each([
    ["{", "manifest.json is not JSON"],
    [JSON.stringify({ version: 2 }), "version"],
  ])("says what is wrong with a manifest: %s", async (text, message) => {
    writeFileSync(join(folder, "manifest.json"), text);
    await expect(openJudge({ folder })).rejects.toMatchObject({
      code: "model-damaged",
      message: expect.stringContaining(message),
    });
  });

  it("says which adapters and judges there are", async () => {
    const unknown = { code: "invalid-option", message: expect.stringContaining("expected one of main") };
    await expect(openPolicy({ folder, adapter: "nobody" })).rejects.toMatchObject(unknown);
    await expect(openPolicy({ folder, adapter: "toString" })).rejects.toMatchObject(unknown);
    await expect(openJudge({ folder, judge: "nobody" })).rejects.toMatchObject({
      message: "unknown judge: nobody; expected one of minilm, smollm2",
    });
  });

  it("refuses a number of threads below 1", async () => {
    await expect(openPolicy({ folder, threads: 0 })).rejects.toMatchObject({ code: "invalid-option" });
  });
});
