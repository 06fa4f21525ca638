import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MODEL, sendChoices, serveCompletions } from "../support/completionServer";
import { dial } from "./fakes/dial";

describe("an endpoint in place of the local policy", () => {
  const KEY = "sk-in-the-environment";
  let server: Awaited<ReturnType<typeof serveCompletions>>;
  beforeEach(async () => {
    server = await serveCompletions();
    process.env.DIAL_TEST_KEY = KEY;
  });
  afterEach(async () => {
    delete process.env.DIAL_TEST_KEY;
    await server.close();
  });
  const sample = ["sample", "--prompt", "Eggs?", "--helpful", "0.9", "--harmless", "0.1"];
  const there = () => ["--base-url", `${server.url}/v1/`, "--model", MODEL, "--key-env", "DIAL_TEST_KEY"];

  test("sample asks it with the key of the environment variable, and says what was paid for", async () => {
    const { printed, shown, status, text } = await dial([
      ...sample,
      ...there(),
      "--n",
      "2",
      "--kind",
      "completions",
    ]);
    expect({ status, text }).toEqual({ status: 0, text: null });
    const [first, second] = (printed[0] as { completions: { text: string }[] }).completions;
    expect(first?.text).toMatch(/by seed \d+$/);
    expect(second?.text).not.toBe(first?.text);
    expect(server.received.map(({ path }) => path)).toEqual(["/v1/completions", "/v1/completions"]);
    expect(server.received[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(shown.at(-1)).toContain("paid for 2 answers, 60 prompt and 4 completion tokens");
    expect(JSON.stringify([printed, shown])).not.toContain(KEY);
  });

  test("match names it in the run file, where the key is not; another endpoint is another run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dial-"));
    const prompts = join(folder, "prompts.jsonl");
    writeFileSync(prompts, '{"prompt":"Eggs?"}\n');
    const out = join(folder, "run.jsonl");
    const match = ["match", "--prompts", prompts, "--n", "2", "--out", out];
    expect(await dial([...match, ...there()])).toMatchObject({ status: 0 });
    const run = readFileSync(out, "utf8");
    expect(JSON.parse(run.split("\n")[0] as string).models).toMatchObject({
      [`${server.url}/v1 ${MODEL}`]: "chat, bottom",
    });
    expect(run).not.toContain(KEY);
    const other = await dial([...match, ...there(), "--prompt-format", "top"]);
    expect(other).toMatchObject({ status: 2, text: expect.stringContaining("not the same run") });
    rmSync(folder, { recursive: true });
  });

  test("match prints what the other rows say where a filter holds an answer back", async () => {
    await server.close();
    server = await serveCompletions((body, _, response) => {
      if (!JSON.stringify(body).includes("Bombs?")) return false;
      return sendChoices(response, [{ delta: {}, finish_reason: "content_filter" }]);
    });
    const folder = mkdtempSync(join(tmpdir(), "dial-"));
    const prompts = join(folder, "prompts.txt");
    writeFileSync(prompts, "Eggs?\nBombs?\nHam?\n");
    const { printed, status, text } = await dial(["match", "--prompts", prompts, "--n", "3", ...there()]);
    rmSync(folder, { recursive: true });
    expect({ status, text }).toEqual({ status: 2, text: expect.stringContaining('"Bombs?"') });
    expect(printed).toMatchObject([{ helpful: { n: 2 } }]);
  });

  test.each([
    [["--model", MODEL], "error: --model needs --base-url; see --help"],
    [["--base-url", "ftp://x"], "error: invalid base URL: expected an address such as"],
    [
      ["--base-url", "https://me:sk-in-the-url@host/v1"],
      "error: invalid base URL for host: expected no user name",
    ],
    [["--base-url", "http://127.0.0.1:1/v1"], "error: --model is missing; see --help"],
    [
      ["--base-url", "http://x", "--model", "m", "--adapter", "main"],
      "error: --adapter is the local policy's",
    ],
    [
      ["--base-url", "http://x", "--model", "m", "--kind", "talk"],
      'error: invalid --kind: "talk"; expected one of',
    ],
    [
      ["--base-url", "http://x", "--model", "m", "--key-env", "DIAL_NO_KEY"],
      "error: the environment variable DIAL_NO_KEY",
    ],
  ])("refuses %j", async (options, message) => {
    const { text, status } = await dial([...sample, ...options]);
    expect(status).toBe(2);
    expect(text).toContain(message);
    expect(text).not.toContain("sk-in-the-url");
  });
});
