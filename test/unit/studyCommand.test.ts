import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openRecording } from "../../src/cli/recordFile";
import { resultOf } from "../../src/cli/resultOf";
import { DialError } from "../../src/domain/errors";
import type { Row } from "../../src/domain/row";
import type { RunHeader } from "../../src/domain/run";
import { STUDIES } from "../../src/experiments/studies/definitions";
import type { StudySummary } from "../../src/experiments/studies/summariseStudy";
import { dial } from "./fakes/dial";
import { someRow } from "./fakes/row";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dial-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rowsOf = (path: string): Row[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line));

describe("study", () => {
  const args = ["study", "both-max", "--n", "4"];

  test("prints the summary of all conditions, and how long a row took", async () => {
    const { printed, status } = await dial(args);
    expect(status).toBe(0);
    const [summary] = printed as [StudySummary & { rows_made: number; seconds_a_row: number }];
    expect(summary.conditions.map(({ name }) => name)).toContain("at 1, 1, best of 4");
    expect(summary.rows_made).toBe(4 * summary.conditions.filter(({ needs }) => needs === null).length);
    expect(summary.seconds_a_row).toBeGreaterThan(0);
  });

  test("takes up a run that was killed, and ends with the same file and summary", async () => {
    const [whole, part] = [join(folder, "whole.jsonl"), join(folder, "part.jsonl")];
    const { printed } = await dial([...args, "--out", whole]);
    expect((await dial([...args, "--out", part], { dieAfter: 3 })).status).toBe(2);
    const before = rowsOf(part).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(rowsOf(whole).length);
    const resumed = await dial([...args, "--out", part]);
    const conditions = (result: unknown[]) => (result[0] as StudySummary).conditions;
    expect(conditions(resumed.printed)).toEqual(conditions(printed));
    expect(readFileSync(part, "utf8")).toBe(readFileSync(whole, "utf8"));
    expect((resumed.printed[0] as { rows_made: number }).rows_made).toBe(rowsOf(whole).length - before);
  });

  test("leaves out rows of a condition that the study has no more", async () => {
    const out = join(folder, "run.jsonl");
    await dial([...args, "--out", out]);
    const whole = readFileSync(out, "utf8");
    appendFileSync(out, `${JSON.stringify({ ...someRow(0), condition: "gone" })}\n`);
    const { printed } = await dial([...args, "--out", out]);
    expect(printed).toMatchObject([{ rows_made: 0 }]);
    expect(readFileSync(out, "utf8")).toBe(whole);
  });

  test("has a condition with the targets of a CSV", async () => {
    const targets = join(folder, "targets.csv");
    writeFileSync(targets, "helpful,harmless\n0.3,0.4\n");
    const out = join(folder, "run.jsonl");
    const command = ["study", "match", "--n", "2", "--targets", targets, "--out", out];
    expect((await dial(command)).status).toBe(0);
    const own = rowsOf(out).filter(({ condition }) => condition === "your targets");
    expect(own.map(({ target }) => target)).toEqual(Array(2).fill({ helpful: 0.3, harmless: 0.4 }));
  });

  test("leaves no file where nothing can run, and says what is needed", async () => {
    const out = join(folder, "run.jsonl");
    const { printed, status } = await dial(["study", "sample-size", "--out", out]);
    expect(status).toBe(0);
    expect(existsSync(out)).toBe(false);
    const [{ conditions }] = printed as [StudySummary];
    expect(conditions.map(({ needs }) => needs)).toEqual([
      "adapters trained on different numbers of examples",
    ]);
  });

  test.each(["Is tea safe?", "Human: Is tea safe?"])(
    "asks the trade-off about the user's own prompt: %s",
    async (prompt) => {
      const out = join(folder, "run.jsonl");
      await dial(["study", "trade-off", "--n", "25", "--prompt", prompt, "--out", out]);
      expect(new Set(rowsOf(out).map(({ prompt }) => prompt))).toEqual(new Set(["\n\nHuman: Is tea safe?"]));
    },
  );

  test("all makes each study that samples, and goes on past one that fails", async () => {
    const bad = join(folder, "pairs.jsonl");
    writeFileSync(bad, "{}\n");
    const { printed, text, status } = await dial(["study", "all", "--n", "2", "--helpful", bad]);
    expect((printed as StudySummary[]).map(({ study }) => study)).toEqual(STUDIES.map(({ name }) => name));
    expect(status).toBe(2);
    expect(text).toContain("error: reward-model: ");
  });

  test("all asks the trade-off about our own prompt where the others get a file", async () => {
    const prompts = join(folder, "prompts.txt");
    writeFileSync(prompts, "Eggs?\nTea?\n");
    const { printed, status } = await dial([
      ...["study", "all", "--n", "2", "--prompts", prompts],
      ...["--only", "match,trade-off"],
    ]);
    expect(status).toBe(0);
    expect(printed).toHaveLength(2);
  });

  test("closes its models, also where it fails", async () => {
    expect((await dial(args, { heldout: "other" })).leftOpen).toBe(0);
    expect(await dial(args, { dieAfter: 1, heldout: "other" })).toMatchObject({ status: 2, leftOpen: 0 });
  });

  test("ends what is on its way where a row cannot be kept", async () => {
    let ended = false;
    const run = async function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        ended = true;
      }
      return "result";
    };
    const full = async (): Promise<void> => {
      throw new DialError("invalid-option", "the disk is full");
    };
    await expect(resultOf(run(), full)).rejects.toThrow("the disk is full");
    expect(ended).toBe(true);
    expect(await resultOf(run(), async () => {})).toBe("result");
  });

  test("all makes those alone that --only names", async () => {
    const { printed, status } = await dial(["study", "all", "--n", "2", "--only", "trade-off,both-max"]);
    expect((printed as StudySummary[]).map(({ study }) => study)).toEqual(["both-max", "trade-off"]);
    expect(status).toBe(0);
  });

  test.each([
    [
      ["study", "all", "--only", "match,mach"],
      'error: invalid --only: "mach"; expected one of match, both-max',
    ],
    [["study", "all", "--only", "match,reward-model"], "error: reward-model and --second need --helpful"],
    [["study", "all", "--second", "other"], "error: reward-model and --second need --helpful or --harmless"],
    [["study", "trade-off", "--prompts", "/no/such/file"], "error: trade-off asks one prompt; name it with"],
    [["study"], 'error: unknown study: ""; expected one of match, both-max'],
    [["study", "mach"], 'error: unknown study: "mach"; expected one of match, both-max'],
    [["study", "match", "--n", "0"], "error: invalid --n: 0"],
    [["study", "all", "--out", "run.jsonl"], "error: --out takes one study"],
    [["study", "match", "--guidance", "2"], "error: "],
    [["study", "match", "--targets", "/no/such/file"], "error: /no/such/file: no such file"],
    [["study", "match", "--prompt", " "], "error: empty prompt"],
    [
      ["study", "match", "--prompt", "Eggs?", "--prompts", "/no/such/file"],
      "error: --prompts and --prompt: leave out one",
    ],
  ])("refuses %j", async (command, message) => {
    const { text, status } = await dial(command);
    expect(status).toBe(2);
    expect(text).toContain(message);
  });
});

describe("a recording", () => {
  const header = (model: string): RunHeader => ({
    kind: "study",
    version: 1,
    options: {},
    models: { model },
  });
  const row = (index: number): Row => ({ ...someRow(index), condition: "a" });
  const path = () => join(folder, "match.jsonl");

  test("goes on where a try of the same run stopped, and shows when it is whole", async () => {
    await (await openRecording("match", header("a"), folder)).append(row(0));
    expect(existsSync(path())).toBe(false);
    const again = await openRecording("match", header("a"), folder);
    expect(again.rows).toEqual([row(0)]);
    await again.append(row(1));
    await again.finish();
    expect(rowsOf(path())).toEqual([row(0), row(1)]);
    expect((await openRecording("match", header("a"), folder)).rows).toHaveLength(2);
  });

  test("begins anew for other models; the one before stays until it is whole", async () => {
    const first = await openRecording("match", header("a"), folder);
    await first.append(row(0));
    await first.finish();
    await (await openRecording("match", header("b"), folder)).append(row(5));
    const other = await openRecording("match", header("c"), folder);
    expect(other.rows).toEqual([]);
    expect(rowsOf(path())).toEqual([row(0)]);
    await other.append(row(1));
    await other.finish();
    expect(rowsOf(path())).toEqual([row(1)]);
  });

  test("that is to have more rows keeps those of the shorter one, which shows until it is whole", async () => {
    const of = (n: number): RunHeader => ({ ...header("a"), options: { n } });
    const first = await openRecording("match", of(1), folder);
    await first.append(row(0));
    await first.finish();
    const longer = await openRecording("match", of(2), folder);
    expect(longer.rows).toEqual([row(0)]);
    expect(JSON.parse(readFileSync(path(), "utf8").split("\n", 1)[0] as string)).toEqual(of(1));
    await longer.append(row(1));
    await longer.finish();
    expect(rowsOf(path())).toEqual([row(0), row(1)]);
  });
});
