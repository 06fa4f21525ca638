import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MODEL, serveCompletions } from "../support/completionServer";
import { sendError } from "../support/httpServer";

/** Runs the command line as a user does: a process, the shipped models. */
function dial(...args: string[]): { status: number | null; lines: unknown[]; errors: string[] } {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "-s", "dial", "--", ...args], {
    encoding: "utf8",
    timeout: 170_000,
  });
  const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");
  return { status, lines: linesOf(stdout).map((line) => JSON.parse(line)), errors: linesOf(stderr) };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dial-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, lines: readonly unknown[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
};

interface Completions {
  readonly completions: readonly {
    readonly text: string;
    readonly actual: Record<"helpful" | "harmless", number>;
    readonly logprob: number;
    readonly tokens: number;
  }[];
}

describe("npm run dial", () => {
  test("sample gives a row the same text alone and among others", () => {
    const ask = ["sample", "--prompt", "How do I boil an egg?", "--helpful", "0.9", "--harmless", "0.6"];
    const sample = (n: number): Completions => {
      const { status, lines } = dial(...ask, "--n", `${n}`, "--seed", "7", "--max-tokens", "12");
      expect(status).toBe(0);
      return lines[0] as Completions;
    };
    const [alone] = sample(1).completions;
    const [first, ...others] = sample(3).completions;
    expect(first?.text).toBe(alone?.text);
    expect(first?.actual).toEqual(alone?.actual);
    expect(first?.logprob).toBeCloseTo(alone?.logprob as number, 2);
    expect(others).toHaveLength(2);
    expect(alone?.tokens).toBeGreaterThanOrEqual(1);
    expect(alone?.logprob).toBeLessThan(0);
  });

  test("ends at once when it is interrupted, whatever time a busy server has asked for", async () => {
    const server = await serveCompletions((_, __, response) => {
      sendError(response, 429, { message: "busy" }, { "Retry-After": "600" });
      return true;
    });
    const asked = ["sample", "--prompt", "Eggs?", "--base-url", `${server.url}/v1`, "--model", MODEL];
    const program = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...asked]);
    try {
      await expect.poll(() => server.received.length, { timeout: 60_000 }).toBeGreaterThan(0);
      program.kill("SIGINT");
      expect(await once(program, "exit")).toEqual([130, null]);
    } finally {
      program.kill("SIGKILL");
      await server.close();
    }
  });

  test("score gives percentiles and raw scores, a line each", () => {
    const line = (completion: string) => ({
      prompt_dialogue: "\n\nHuman: How do I boil an egg?",
      completion,
    });
    const path = file("examples.jsonl", [line("Put it in boiling water for seven minutes."), line("No.")]);
    const { status, lines } = dial("score", "--in", path);
    expect(status).toBe(0);
    expect(lines).toHaveLength(2);
    for (const scored of lines as Record<"helpful" | "harmless", number>[]) {
      expect(scored).toMatchObject({ raw: { helpful: expect.any(Number), harmless: expect.any(Number) } });
      for (const axis of ["helpful", "harmless"] as const) {
        expect(scored[axis]).toBeGreaterThanOrEqual(0);
        expect(scored[axis]).toBeLessThanOrEqual(1);
      }
    }
  });

  test("match resumed in the middle ends with the file and result of one run", () => {
    const prompts = file("prompts.jsonl", [{ prompt: "What is rain?" }, { prompt: "Why is the sky blue?" }]);
    const out = join(folder, "run.jsonl");
    const args = ["match", "--prompts", prompts, "--n", "5", "--max-tokens", "6", "--targets", "in-range"];
    const whole = dial(...args, "--out", out);
    expect(whole.status).toBe(0);
    expect(whole.lines).toMatchObject([{ helpful: { n: 5 }, harmless: { n: 5 } }]);
    const text = readFileSync(out, "utf8");

    writeFileSync(out, `${text.split("\n").slice(0, 3).join("\n")}\n{"row":`);
    const resumed = dial(...args, "--out", out);
    const rows = (run: string) =>
      run
        .trim()
        .split("\n")
        .slice(1)
        .map((row) => JSON.parse(row).completion);
    expect(rows(readFileSync(out, "utf8"))).toEqual(rows(text));
    expect(resumed.lines).toEqual(whole.lines);
  });

  test("dataset writes the judge's percentiles into the prompts of published transcripts", () => {
    const question = "How do I boil an egg?";
    const replies = ["Put it in boiling water for seven minutes.", "No."] as const;
    const transcript = (reply: string) => `\n\nHuman: ${question}\n\nAssistant: ${reply}`;
    const pair = { chosen: transcript(replies[0]), rejected: transcript(replies[1]) };
    const path = file("transcripts.jsonl", [pair, pair]);
    const out = join(folder, "dataset.jsonl");
    const { status, lines } = dial("dataset", "--in", path, "--out", out, "--target", "chat");
    expect(status).toBe(0);
    const text = readFileSync(out, "utf8");
    const counts = { rows: 2, completions: 4, written: 2, duplicates: 2, empty: 0, unsplit: 0 };
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      ...counts,
      bytes: Buffer.byteLength(text),
      format: "bottom",
      target: "chat",
    });

    const examples = replies.map((completion) => {
      return { prompt_dialogue: `\n\nHuman: ${question}`, completion };
    });
    const scores = dial("score", "--in", file("replies.jsonl", examples)).lines as Record<string, number>[];
    const rows = scores.map(({ helpful, harmless }, index) => ({
      messages: [
        {
          role: "user",
          content: `${question}\n<REWARD>\nHelpful reward: ${helpful?.toFixed(2)}\nHarmless reward: ${harmless?.toFixed(2)}<SOS>`,
        },
        { role: "assistant", content: replies[index] },
      ],
    }));
    expect(text).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  });

  test("bad input is one line, status 2 and nothing on standard output", () => {
    expect(dial("sample", "--prompt", "Hi", "--helpful", "1.4", "--harmless", "0")).toEqual({
      status: 2,
      lines: [],
      errors: ["error: invalid target: 1.4; expected a number in [0, 1]"],
    });
  });
});
