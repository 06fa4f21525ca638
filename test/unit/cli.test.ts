import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendLines } from "../../src/cli/lineFile";
import { outcomeOf } from "../../src/cli/outcome";
import { progressOn } from "../../src/cli/progress";
import { DialError } from "../../src/domain/errors";
import type { Row } from "../../src/domain/row";
import type { MatchResult } from "../../src/experiments/summariseMatch";
import { dial } from "./fakes/dial";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dial-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const PROMPT = '"prompt_dialogue":"\\n\\nHuman: Eggs?"';

describe("sample", () => {
  const args = ["sample", "--prompt", "Eggs?", "--helpful", "0.9", "--harmless", "0.1"];

  test("prints the completions with their rewards", async () => {
    const { printed, status } = await dial([...args, "--n", "3", "--best-of", "2"]);
    expect(status).toBe(0);
    const completion = {
      text: expect.any(String),
      actual: { helpful: expect.any(Number), harmless: expect.any(Number) },
      logprob: -1,
      tokens: expect.any(Number),
    };
    expect(printed).toEqual([{ completions: [completion, completion, completion] }]);
  });

  test("gives the same text for the same seed, another for another", async () => {
    const [first, again, other] = [
      await dial([...args, "--seed", "5"]),
      await dial([...args, "--seed", "5"]),
      await dial([...args, "--seed", "6"]),
    ];
    expect(again.printed).toEqual(first.printed);
    expect(other.printed).not.toEqual(first.printed);
  });

  test.each([
    [["--helpful", "1.4"], "error: invalid target: 1.4; expected a number in [0, 1]"],
    [["--helpful", "-0.5"], "error: invalid target: -0.5; expected a number in [0, 1]"],
    [["--harmless", "high"], 'error: invalid target: "high"; expected a number in [0, 1]'],
    [["--harmless", ""], 'error: invalid target: ""; expected a number in [0, 1]'],
    [["--prompt", " "], "error: empty prompt: the last human turn has no text"],
    [["--prompt", "Human: a\n\nAssistant: b"], /^error: invalid dialogue: it ends with the assistant's "b"/],
    [["--n", "0"], "error: invalid --n: 0; expected a whole number from 1 to 4294967295"],
    [["--seed", "x"], 'error: invalid --seed: "x"; expected a number'],
    [["--temperature", "-1"], "error: invalid temperature: -1; expected a number of 0 or more"],
    [["--guidance"], /^error: .*--guidance.*; see --help$/],
    [["--colour", "red"], /^error: .*--colour.*; see --help$/],
    [["stray"], /^error: .*stray.*; see --help$/],
    [["--stop", "---"], "error: --stop has no value; write --stop=TEXT where the text begins with a dash"],
  ])("refuses %j with one line and status 2", async (bad, message) => {
    const { printed, text, status } = await dial([...args, ...bad]);
    expect(status).toBe(2);
    expect(text).toMatch(message);
    expect(text).not.toContain("\n");
    expect(printed).toEqual([]);
  });

  test("needs a prompt", async () => {
    expect(await dial(["sample"])).toMatchObject({
      status: 2,
      text: "error: --prompt is missing; see --help",
    });
  });

  test("leaves out an axis that is not given", async () => {
    const { printed } = await dial(["sample", "--prompt", "Eggs?", "--helpful", "1", "--best-of", "16"]);
    expect(printed).toMatchObject([{ completions: [{ actual: { helpful: 1 } }] }]);
  });
});

describe("sample that ends early", () => {
  const args = ["sample", "--prompt", "Eggs?", "--helpful", "0.9", "--n", "5"];
  const texts = async (ends: Parameters<typeof dial>[1]): Promise<[string[], string | null]> => {
    const { printed, text } = await dial(args, ends);
    const [result] = printed as [{ completions: { text: string }[] }];
    return [result.completions.map((completion) => completion.text), text];
  };

  test("prints the completions that are finished", async () => {
    const [whole] = await texts({});
    expect(await texts({ dieAfter: 3 })).toEqual([whole.slice(2), "error: the policy's worker died"]);
    const [stopped, text] = await texts({ stopAfter: 5 });
    expect(stopped).toEqual(whole.slice(-stopped.length));
    expect(text).toBe("stopped");
  });
});

describe("sample refuses what would change nothing", () => {
  const args = ["sample", "--prompt", "Eggs?"];

  test("a best of some without a target", async () => {
    const { status, text } = await dial([...args, "--best-of", "16"]);
    expect(status).toBe(2);
    expect(text).toBe("error: --best-of needs --helpful or --harmless, the target to be near to");
  });

  test("a reward that the policy does not know, unless the best is chosen by it", async () => {
    const asked = [...args, "--helpful", "0.9", "--harmless", "0.9"];
    const { status, text } = await dial(asked, { axes: ["helpful"] });
    expect(status).toBe(2);
    expect(text).toContain("the policy fake does not know the harmless reward; leave out --harmless");
    expect((await dial([...asked, "--best-of", "4"], { axes: ["helpful"] })).status).toBe(0);
  });
});

describe("a command that is stopped while it reads a file", () => {
  const lines = `{${PROMPT},"completion":"0 0"}\nno JSON\n`;
  const pairs = `{${PROMPT},"chosen":"0 0","rejected":"0 0"}\nno JSON\n`;

  test.each([
    ["score", "--in", lines],
    ["accuracy", "--axis", "helpful", "--pairs", pairs],
    ["match", "--n", "2", "--prompts", lines],
    ["match", "--n", "2", "--prompts", "/no/such/file", "--own-targets", "high,low\n"],
    ["study", "match", "--prompts", lines],
    ["study", "reward-model", "--helpful", pairs],
    ["dataset", "--out", "out.jsonl", "--in", lines],
  ])("reads no further: %s", async (...args) => {
    const content = args.pop() as string;
    const { status, text } = await dial([...args, file("read.txt", content)], { stopAfter: 0 });
    expect({ status, text }).toEqual({ status: 130, text: "stopped" });
  });
});

describe("score", () => {
  const lines = Array.from({ length: 20 }, (_, k) => `{${PROMPT},"completion":"${k / 20} 0.5"}\n`).join("");
  const expected = Array.from({ length: 20 }, (_, k) => {
    const rewards = { helpful: k / 20, harmless: 0.5 };
    return { ...rewards, raw: rewards };
  });

  test("prints a line each, from a plain file or a gzipped one", async () => {
    expect((await dial(["score", "--in", file("a.jsonl", lines)])).printed).toEqual(expected);
    expect((await dial(["score", "--in", file("a.jsonl.gz", gzipSync(lines))])).printed).toEqual(expected);
  });

  test.each([
    ["absent.jsonl", null, "absent.jsonl: no such file"],
    ["a.jsonl", `${lines}{"completion":"x"}`, 'a.jsonl: line 21: "prompt_dialogue" is missing'],
    ["a.txt", "Hello\n", 'a.txt: line 1: not JSON: "Hello"'],
    ["a.gz", gzipSync(lines).subarray(0, 60), "a.gz: the file cannot be read to its end"],
    ["empty.jsonl", "", "empty.jsonl: no lines; nothing to score"],
  ])("names what is wrong with %s", async (name, content, message) => {
    const path = content === null ? join(folder, name) : file(name, content);
    const { text, status } = await dial(["score", "--in", path]);
    expect(status).toBe(2);
    expect(text).toContain(message);
  });
});

describe("accuracy", () => {
  const pairs = [
    ["0.9 0", "0.1 0"],
    ["0.8 0", "0.3 0"],
    ["0.2 0", "0.7 0"],
  ];
  const lines = pairs.map(([chosen, rejected]) =>
    JSON.stringify({ prompt_dialogue: "Human: Q?", chosen, rejected }),
  );

  test("prints the share of pairs won with its interval and baseline", async () => {
    const { printed } = await dial([
      "accuracy",
      "--pairs",
      file("p.jsonl", lines.join("\n")),
      "--axis",
      "helpful",
    ]);
    expect(printed).toEqual([
      {
        n: 3,
        accuracy: 2 / 3,
        ci: [expect.any(Number), expect.any(Number)],
        longer: 0.5,
        ece: expect.any(Number),
        eceIfCalibrated: expect.any(Number),
      },
    ]);
  });

  test("refuses an axis that does not exist", async () => {
    expect(await dial(["accuracy", "--pairs", "p.jsonl", "--axis", "kind"])).toMatchObject({
      status: 2,
      text: 'error: invalid --axis: "kind"; expected one of helpful, harmless',
    });
  });
});

describe("match", () => {
  const prompts = () =>
    file("prompts.jsonl", Array.from({ length: 9 }, (_, k) => `{"prompt":"Question ${k}?"}\n`).join(""));
  const rowsOf = (path: string): Row[] =>
    readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => JSON.parse(line));

  test("prints the result and shows progress", async () => {
    const { printed, shown } = await dial(["match", "--prompts", prompts(), "--n", "30"]);
    const [result] = printed as [MatchResult];
    expect(result.helpful).toMatchObject({
      n: 30,
      ci: [expect.any(Number), expect.any(Number)],
      heldout_r: null,
    });
    expect(result.helpful.r).toBeGreaterThan(0.8);
    expect(Object.keys(result)).toEqual([
      ...["helpful", "harmless", "shuffled", "actual_correlation"],
      ...["joint", "distinct_2", "logprob_per_token"],
    ]);
    expect(shown.at(-1)).toMatch(/^30\/30 rows, \d+ tokens\/s/);
  });

  test("scores with a held-out judge", async () => {
    const { printed } = await dial(["match", "--prompts", prompts(), "--n", "10", "--heldout", "other"]);
    const [result] = printed as [MatchResult];
    expect(result.helpful.heldout_r).toBeCloseTo(result.helpful.r as number, 12);
    const args = ["match", "--prompts", prompts(), "--n", "10"];
    expect((await dial(args, { heldout: "another that ships" })).printed).toEqual(printed);
  });

  test.each([
    ["--heldout", "main"],
    ["--judge", "other", "--heldout", "other"],
  ])("does not confirm a judge by itself: %s %s", async (...judges) => {
    const { status, text, printed } = await dial(["match", "--prompts", prompts(), "--n", "10", ...judges]);
    expect(status).toBe(2);
    expect(text).toBe(`error: the second reward model is the judge itself: ${judges.at(-1)}; name another`);
    expect(printed).toEqual([]);
  });

  test("takes no run up under the other judge, though the files of both are the same", async () => {
    const args = ["match", "--prompts", prompts(), "--n", "4", "--out", join(folder, "run.jsonl")];
    await dial(args, { heldout: "other" });
    const { status, text } = await dial([...args, "--judge", "other"], { heldout: "main" });
    expect(status).toBe(2);
    expect(text).toContain('not the same run: judge was not set and is "other"');
  });

  test("a run that is to have more rows keeps those that it has", async () => {
    const [grown, whole] = [join(folder, "grown.jsonl"), join(folder, "whole.jsonl")];
    const args = (n: string, out: string) => ["match", "--prompts", prompts(), "--n", n, "--out", out];
    await dial(args("4", grown));
    const { printed, shown } = await dial(args("25", grown));
    expect(shown[0]).toMatch(/^4\/25 rows/);
    expect((await dial(args("25", whole))).printed).toEqual(printed);
    expect(readFileSync(grown, "utf8")).toBe(readFileSync(whole, "utf8"));
    expect((await dial(args("4", grown))).text).toContain("not the same run: n was 25 and is 4");
  });

  test("takes plain text, and leaves out a line that is no prompt only where it is told to", async () => {
    const out = join(folder, "run.jsonl");
    const args = ["match", "--prompts", file("asked.txt", "Eggs?\n\nSnow?\n"), "--n", "2", "--out", out];
    await dial(args);
    const asked = rowsOf(out).map(({ prompt }) => prompt);
    expect(asked.toSorted()).toEqual(["\n\nHuman: Eggs?", "\n\nHuman: Snow?"]);
    const bad = ["match", "--prompts", file("bad.jsonl", '{"prompt":"Eggs?"}\n{"prompt":" "}\n'), "--n", "3"];
    const { text } = await dial(bad);
    expect(text).toContain("bad.jsonl: line 2: empty prompt");
    expect(text).toContain("; --skip-malformed leaves out such lines");
    expect((await dial([...bad, "--skip-malformed"])).status).toBe(0);
  });

  test("asks row by row for targets of a file", async () => {
    const own = file("targets.csv", "helpful,harmless\n0.2,0.9\n0.5,\n");
    const out = join(folder, "run.jsonl");
    const args = ["match", "--prompts", prompts(), "--n", "3", "--own-targets", own, "--out", out];
    expect((await dial(args)).status).toBe(0);
    const targets = [{ helpful: 0.2, harmless: 0.9 }, { helpful: 0.5 }];
    expect(rowsOf(out).map(({ target }) => target)).toEqual([...targets, targets[0]]);
    const [header] = readFileSync(out, "utf8").split("\n");
    expect(JSON.parse(header as string).options.targets).toEqual(targets);
    expect((await dial([...args, "--targets", "high"])).text).toContain("leave out one");
    const mixed = file("mixed.csv", "0.2,0.4\n0.2,1.4\n");
    const bad = ["match", "--prompts", prompts(), "--n", "3", "--own-targets", mixed];
    const { text } = await dial(bad);
    expect(text).toContain("mixed.csv: line 2: invalid target");
    expect(text).toContain("; --skip-malformed leaves out such lines");
    expect((await dial([...bad, "--skip-malformed"])).status).toBe(0);
  });

  test("as a shuffled control finds no match", async () => {
    const { printed } = await dial(["match", "--prompts", prompts(), "--n", "200", "--shuffled"]);
    expect(Math.abs((printed as [MatchResult])[0].helpful.r as number)).toBeLessThan(0.2);
  });

  test("writes a header and the rows in order", async () => {
    const out = join(folder, "run.jsonl");
    await dial(["match", "--prompts", prompts(), "--n", "12", "--targets", "high", "--out", out]);
    const header = JSON.parse(readFileSync(out, "utf8").split("\n", 1)[0] as string);
    expect(header).toMatchObject({ kind: "match", version: 1, options: { n: 12, targets: "high", seed: 0 } });
    expect(header.options.policy).toBe("fake");
    expect(header.models).toEqual({ policy: "ab", main: "ab" });
    expect(rowsOf(out).map(({ row }) => row)).toEqual(Array.from({ length: 12 }, (_, row) => row));
  });

  test("takes up a run that was killed, and ends with the same file and result", async () => {
    const args = ["match", "--prompts", prompts(), "--n", "15", "--best-of", "2"];
    const [whole, part] = [join(folder, "whole.jsonl"), join(folder, "part.jsonl")];
    const { printed } = await dial([...args, "--out", whole]);

    const died = await dial([...args, "--out", part], { dieAfter: 11 });
    expect(died).toMatchObject({ status: 2, text: "error: the policy's worker died" });
    expect(rowsOf(part)).toHaveLength(5);
    writeFileSync(part, `${readFileSync(part, "utf8")}{"row":3,"se`);

    const resumed = await dial([...args, "--out", part]);
    expect(resumed.printed).toEqual(printed);
    expect(resumed.shown[0]).toMatch(/^5\/15 rows/);
    expect(readFileSync(part, "utf8")).toBe(readFileSync(whole, "utf8"));
    expect(existsSync(`${part}.partial`)).toBe(false);

    expect((await dial([...args, "--out", part])).printed).toEqual(printed);
  });

  test("that is stopped says that its rows are kept only where they are", async () => {
    const out = join(folder, "run.jsonl");
    const args = ["match", "--prompts", prompts(), "--n", "9"];
    const { status, text } = await dial([...args, "--out", out], { stopAfter: 5 });
    expect({ status, text }).toEqual({ status: 130, text: "stopped; the run file keeps its rows" });
    expect(rowsOf(out).length).toBeGreaterThan(0);
    expect((await dial(args, { stopAfter: 5 })).text).toBe("stopped");
  });

  test("begins a file anew whose head was cut off by a kill, and takes up one with a byte order mark", async () => {
    const out = join(folder, "run.jsonl");
    const args = ["match", "--prompts", prompts(), "--n", "4", "--out", out];
    const { printed } = await dial(args);
    const whole = readFileSync(out, "utf8");
    for (const left of [whole.slice(0, 30), `\uFEFF${whole}`]) {
      writeFileSync(out, left);
      expect((await dial(args)).printed).toEqual(printed);
      expect(readFileSync(out, "utf8")).toBe(whole);
    }
    writeFileSync(out, "precious");
    expect((await dial(args)).text).toContain("expected a run header");
    expect(readFileSync(out, "utf8")).toBe("precious");
  });

  test("refuses to go on with another run's file, and leaves it as it is", async () => {
    const out = join(folder, "run.jsonl");
    const args = ["match", "--prompts", prompts(), "--n", "5", "--out", out];
    await dial(args);
    const before = readFileSync(out, "utf8");
    const seed = await dial([...args, "--seed", "1"]);
    expect(seed).toMatchObject({
      status: 2,
      text: `error: ${out}: not the same run: seed was 0 and is 1; ask for the same again, or begin another run`,
    });
    expect((await dial(args, { sha256: "cd" })).text).toContain('was "ab" and is "cd"');
    expect((await dial([...args, "--prompts", file("other.jsonl", '{"prompt":"Q?"}')])).text).toContain(
      "not the same run: its prompts are others; ask for the same again",
    );
    expect(readFileSync(out, "utf8")).toBe(before);
  });

  test.each([
    [["--n", "0"], "invalid --n: 0"],
    [["--n", "1.5"], "invalid --n: 1.5"],
    [["--targets", "best"], 'invalid target sampler: "best"; expected one of uniform, in-range, high'],
    [["--out", "/no/such/folder/run.jsonl"], "/no/such/folder/run.jsonl: cannot be written"],
  ])("refuses %j", async (bad, message) => {
    const { text, status } = await dial(["match", "--prompts", prompts(), "--n", "3", ...bad]);
    expect(status).toBe(2);
    expect(text).toContain(message);
  });

  test("needs prompts", async () => {
    const out = join(folder, "run.jsonl");
    const args = ["match", "--prompts", file("none.jsonl", "\n"), "--n", "3", "--out", out];
    const { text, status } = await dial(args);
    expect(status).toBe(2);
    expect(text).toContain("none.jsonl: no prompts");
    expect(existsSync(out)).toBe(false);
  });
});

describe("sampling options", () => {
  const sampled = async (...options: string[]) => {
    const out = join(folder, `sampling-${options.length}.jsonl`);
    await dial(["match", "--prompts", file("asked.txt", "Eggs?\n"), "--n", "2", "--out", out, ...options]);
    return JSON.parse(readFileSync(out, "utf8").split("\n")[0] as string).options.sampling;
  };

  test("stand in the run, those that do nothing left out", async () => {
    const common = { temperature: 1, topP: 1, topK: 0, maxTokens: 96, guidance: 1 };
    expect(await sampled("--min-p", "0", "--repetition-penalty", "1")).toEqual(common);
    const stops = ["--stop", "\n\n", "--stop", "Human:"];
    expect(await sampled("--min-p", "0.1", "--repetition-penalty", "1.2", ...stops)).toEqual({
      ...common,
      minP: 0.1,
      repetitionPenalty: 1.2,
      stop: ["\n\n", "Human:"],
    });
  });
});

describe("dataset", () => {
  const transcripts = (asked: string, chosen: string, rejected: string): string => {
    const before = `\n\nHuman: Hi\n\nAssistant: Hello.\n\nHuman: ${asked}\n\nAssistant:`;
    return `${JSON.stringify({ chosen: `${before} ${chosen}`, rejected: `${before} ${rejected}` })}\n`;
  };
  const published = transcripts("Eggs?", "0.9 0.1", "0.2 0.8") + transcripts("Eggs?", "0.9 0.1", " ");
  const pairs = `{${PROMPT},"chosen":"0.5 0.25","rejected":"0 1"}\n`;
  const rowsOf = (path: string): unknown[] =>
    readFileSync(path, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  test("writes the rows of published transcripts, gzipped or not, and prints the counts", async () => {
    const [plain, zipped] = [join(folder, "plain.jsonl"), join(folder, "zipped.jsonl")];
    const first = await dial(["dataset", "--in", file("hh.jsonl", published), "--out", plain]);
    await dial(["dataset", "--in", file("hh.jsonl.gz", gzipSync(published)), "--out", zipped]);
    expect(first.printed).toEqual([
      {
        rows: 2,
        completions: 4,
        written: 2,
        validation: 0,
        bytes: readFileSync(plain).length,
        tokens: expect.any(Number),
        cost: expect.any(Number),
        malformed: 0,
        malformed_tests: 0,
        unsplit: 0,
        empty: 1,
        duplicates: 1,
        leaked: 0,
        too_long: 0,
        system_messages: 0,
        format: "bottom",
        target: "completion",
        model: "babbage-002",
        normaliser: "quantile",
      },
    ]);
    expect(first.shown.at(-1)).toMatch(/^2\/2 completions labelled/);
    expect(rowsOf(plain)[0]).toEqual({
      prompt:
        "Human: Hi\n\nAssistant: Hello.\n\nHuman: Eggs?\n<REWARD>\nHelpful reward: 0.90\nHarmless reward: 0.10<SOS>\n\nAssistant:",
      completion: " 0.9 0.1\n\nHuman:",
    });
    expect(readFileSync(zipped, "utf8")).toBe(readFileSync(plain, "utf8"));
  });

  test("writes pairs as chat, in the format asked for", async () => {
    const out = join(folder, "out.jsonl");
    const args = ["--in", file("p.jsonl", pairs), "--out", out, "--format", "joint", "--target", "chat"];
    expect((await dial(["dataset", ...args])).printed).toMatchObject([{ format: "joint", target: "chat" }]);
    expect(rowsOf(out)[0]).toEqual({
      messages: [
        { role: "user", content: "Eggs?\n<REWARD>\nReward: 0.38<SOS>" },
        { role: "assistant", content: "0.5 0.25" },
      ],
    });
  });

  test.each([
    ["a line that is not JSON", `${pairs}{"chosen":`, 'in.jsonl: line 2: not JSON: "{\\"chosen\\":"'],
    ["a late one", `${pairs.repeat(40)}{"chosen":"Human: a"}`, 'in.jsonl: line 41: "rejected" is missing'],
    ["no pair", "", "no completions"],
  ])("over %s leaves the file that was there, and nothing else", async (_, lines, message) => {
    const out = file("out.jsonl", "before");
    const { status, text, printed } = await dial(["dataset", "--in", file("in.jsonl", lines), "--out", out]);
    expect(status).toBe(2);
    expect(text).toContain(message);
    expect(printed).toEqual([]);
    expect(readFileSync(out, "utf8")).toBe("before");
    expect(readdirSync(folder).sort()).toEqual(["in.jsonl", "out.jsonl"]);
  });

  test("reads CSV, splits by first question, leaves out test prompts and the lines that it is told to", async () => {
    const questions = Array.from({ length: 40 }, (_, k) => `"Question ${k}?",0.${k} 0`);
    const csv = file(
      "in.csv",
      ["prompt,completion", ...questions, "one cell", '"Question 41?",0.5 0.5', ""].join("\n"),
    );
    const [out, held] = [join(folder, "out.jsonl"), join(folder, "held.jsonl")];
    const args = ["dataset", "--in", csv, "--out", out, "--validation", "0.3", "--validation-out", held];
    const { text } = await dial(args);
    expect(text).toContain("in.csv: line 42: 1 cell; expected 2");
    expect(text).toContain("; --skip-malformed leaves out such lines");
    const tests = file("tests.jsonl", '{"prompt":"question 7?"}\n{"text":"no prompt"}');
    const good = file("good.csv", "prompt,completion\nQuestion 1?,0.5 0\n");
    const strict = ["dataset", "--in", good, "--out", out, "--test-prompts", tests];
    const refused = await dial(strict);
    expect(refused.text).toContain(`error: ${tests}: line 2: `);
    expect(refused.text).toContain("; --skip-malformed leaves out such lines");
    const unknown = file("unknown.csv", "question,answer\n1,2\n");
    expect((await dial(["dataset", "--in", unknown, "--out", out])).text).toContain(`error: ${unknown}: `);
    const more = [
      "--skip-malformed",
      "--test-prompts",
      tests,
      "--model",
      "SmolLM2-135M",
      "--normaliser",
      "none",
    ];
    const { printed } = await dial([...args, ...more]);
    expect(printed).toMatchObject([
      { malformed: 1, malformed_tests: 1, leaked: 1, target: "local", normaliser: "none", cost: 0 },
    ]);
    const [{ written, validation }] = printed as [{ written: number; validation: number }];
    expect(written + validation).toBe(40);
    expect(rowsOf(out)).toHaveLength(written);
    expect(rowsOf(held)).toHaveLength(validation);
    expect(JSON.stringify(rowsOf(out)[0])).toContain("<|im_start|>user");
  });

  test("takes test prompts from a CSV, and refuses a file without one", async () => {
    const data = file(
      "in.jsonl",
      `{"prompt":"Eggs?","completion":"0 0"}\n{"prompt":"Tea?","completion":"1 0"}\n`,
    );
    const args = ["dataset", "--in", data, "--out", join(folder, "out.jsonl"), "--skip-malformed"];
    const csv = file("tests.csv", 'id,prompt\n1,"Eggs?"\n');
    expect((await dial([...args, "--test-prompts", csv])).printed).toMatchObject([{ written: 1, leaked: 1 }]);
    const none = file("none.jsonl", '{"question":"Eggs?"}\n');
    expect(await dial([...args, "--test-prompts", none])).toMatchObject({
      status: 2,
      text: expect.stringContaining("no test prompts"),
    });
  });

  test("counts the whole file, whatever the limit", async () => {
    const eggs = '{"prompt":"Eggs?","completion":"0 0"}\n';
    const data = file("in.jsonl", `${eggs}{"prompt":"Tea?","completion":"1 0"}\n${eggs}`);
    const args = ["dataset", "--in", data, "--out", join(folder, "out.jsonl"), "--limit", "1"];
    expect((await dial(args)).printed).toMatchObject([{ completions: 3, duplicates: 1, written: 1 }]);
  });

  test("takes labels up where a run stopped, also one that was killed in a line", async () => {
    const many = Array.from({ length: 40 }, (_, k) => `{"prompt":"Q${k}?","completion":"0.${k} 0"}\n`).join(
      "",
    );
    const labels = join(folder, "labels.jsonl");
    const args = [
      "dataset",
      "--in",
      file("in.jsonl", many),
      "--out",
      join(folder, "out.jsonl"),
      "--labels",
      labels,
    ];
    await dial([...args, "--limit", "10"]);
    writeFileSync(labels, `${readFileSync(labels, "utf8")}{"key":3,"help`);
    const { shown, printed } = await dial(args);
    expect(shown[0]).toMatch(/^40\/40 completions labelled/);
    expect(printed).toMatchObject([{ written: 40 }]);
    expect(readFileSync(labels, "utf8").trim().split("\n")).toHaveLength(41);
    expect((await dial(args)).shown).toEqual([]);
    expect((await dial(args, { sha256: "cd" })).text).toContain(
      "labels.jsonl: its labels are another judge's",
    );
  });

  test("takes up labels whose head names the reference, too, or has a byte order mark", async () => {
    const data = file("in.jsonl", '{"prompt":"Q?","completion":"0.5 0"}\n');
    const labels = join(folder, "labels.jsonl");
    const args = ["dataset", "--in", data, "--out", join(folder, "out.jsonl"), "--labels", labels];
    await dial(args);
    const [head = "", ...lines] = readFileSync(labels, "utf8").split("\n");
    expect(JSON.parse(head)).toEqual({ kind: "labels", judge: { "network of main": "ab" } });
    const older = { kind: "labels", judge: { "network of main": "ab", "reference.json": "ef" } };
    for (const found of [`\uFEFF${head}`, JSON.stringify(older)]) {
      writeFileSync(labels, [found, ...lines].join("\n"));
      expect(await dial(args)).toMatchObject({ status: 0, shown: [] });
    }
  });

  test("writes labels over nothing but the beginning of a file of labels", async () => {
    const data = file("in.jsonl", '{"prompt":"Q?","completion":"0.5 0"}\n');
    const labels = join(folder, "precious.json");
    const args = ["dataset", "--in", data, "--out", join(folder, "out.jsonl"), "--labels", labels];
    const precious = '{"mine":1}';
    writeFileSync(labels, precious);
    expect((await dial(args)).text).toContain("precious.json: no labels in it; name a new file");
    expect(readFileSync(labels, "utf8")).toBe(precious);
    writeFileSync(labels, '{"kind":"labels","ju');
    expect((await dial(args)).printed).toMatchObject([{ written: 1 }]);
    expect(readFileSync(labels, "utf8").trim().split("\n")).toHaveLength(2);
  });

  test("replaces the file that a link leads to", async () => {
    const out = file("out.jsonl", "before");
    const link = join(folder, "link.jsonl");
    symlinkSync(out, link);
    await dial(["dataset", "--in", file("p.jsonl", pairs), "--out", link]);
    expect(rowsOf(out)).toHaveLength(2);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test.each([
    [["--format", "middle"], 'invalid --format: "middle"; expected one of bottom, top, duplicate'],
    [["--target", "text"], 'invalid --target: "text"; expected one of completion, chat, local'],
    [["--model", "gpt-1"], 'unknown model: "gpt-1"; expected one of babbage-002'],
    [
      ["--model", "babbage-002", "--target", "chat"],
      "--model babbage-002 takes --target completion, not chat",
    ],
    [["--validation", "0.2"], "--validation-out is missing"],
    [["--validation-out", "held.jsonl"], "--validation-out needs --validation"],
    [
      ["--out", "one.jsonl", "--validation", "0.2", "--validation-out", "./one.jsonl"],
      "--out and --validation-out name one file",
    ],
    [["--out", "new.jsonl", "--labels", "./new.jsonl"], "--out and --labels name one file"],
    [["--validation", "1"], "invalid --validation: 1; expected a number in [0, 1)"],
    [["--in", "absent.jsonl"], "absent.jsonl: no such file"],
    [["--out", "/no/such/folder/out.jsonl"], "/no/such/folder/out.jsonl: cannot be written"],
    [["--out", "/"], "/: cannot be written: not a file"],
    [
      ["--validation", "0.2", "--validation-out", "/no/such/folder/held.jsonl"],
      "/no/such/folder/held.jsonl: cannot be written",
    ],
  ])("refuses %j", async (bad, message) => {
    const args = ["--in", file("p.jsonl", pairs), "--out", join(folder, "out.jsonl"), ...bad];
    const { status, text, shown } = await dial(["dataset", ...args]);
    expect(status).toBe(2);
    expect(text).toContain(message);
    expect(shown).toEqual([]);
    expect(readdirSync(folder)).toEqual(["p.jsonl"]);
  });

  test.each([
    ["in", "out"],
    ["test-prompts", "out"],
    ["labels", "out"],
    ["in", "validation-out"],
    ["test-prompts", "validation-out"],
    ["labels", "validation-out"],
    ["in", "labels"],
    ["test-prompts", "labels"],
  ])("does not write what it reads: --%s and --%s of one file, also by a link", async (one, other) => {
    const shared = file("shared.jsonl", pairs);
    const link = join(folder, "link.jsonl");
    symlinkSync(shared, link);
    const paths = {
      in: file("in.jsonl", pairs),
      out: join(folder, "out.jsonl"),
      "validation-out": join(folder, "held.jsonl"),
      [one]: shared,
      [other]: link,
    };
    const args = Object.entries(paths).flatMap(([option, path]) => [`--${option}`, path]);
    const { status, text } = await dial(["dataset", "--validation", "0.2", ...args]);
    expect(status).toBe(2);
    expect(text).toMatch(/^error: --\S+ and --\S+ name one file; give two$/);
    for (const option of [one, other]) expect(text).toContain(`--${option} `);
    expect(readFileSync(shared, "utf8")).toBe(pairs);
    expect(readdirSync(folder).sort()).toEqual(["in.jsonl", "link.jsonl", "shared.jsonl"]);
  });
});

describe("bench", () => {
  test("prints the speeds, the peers' with how many times as fast ours is, and the share of the roofline", async () => {
    const { printed, shown } = await dial(["bench", "--threads", "1", "--repeats", "2", "--tokens", "9"]);
    const figure = (median: number) => ({ median, range: [median, median] });
    // A prompt token takes a millisecond, a step one a row: 16 rows of 9 tokens take 64 + 128 ms.
    expect(printed).toMatchObject([
      {
        prefill_tok_s: 1000,
        decode_tok_s_1: 125,
        decode_tok_s_16: 750,
        roofline: 0.5,
        peer: {
          name: "batch",
          figures: {
            prefill_tok_s: figure(500),
            first_token_ms_64: figure(128),
            decode_tok_s_16: figure(375),
          },
          ratio: { prefill_tok_s: figure(2), first_token_ms_512: figure(2), step_ms_4: figure(2) },
        },
        other_peers: [{ name: "one by one", ratio: { decode_tok_s_64: figure(4) } }],
        figures: { step_ms_64: figure(64) },
        threads: 1,
        repeats: 2,
        tokens: 9,
      },
    ]);
    expect(shown.at(-1)).toBe("30/30 runs");
  });

  test("measures a match beside a plain loop, where it is asked for alone", async () => {
    const { printed } = await dial(["bench", "--only", "match", "--match", "20", "--repeats", "1"]);
    expect(printed).toEqual([
      {
        match: {
          rows: 20,
          figures: expect.objectContaining({ match_ms_a_row: { median: 1, range: [1, 1] } }),
          peers: [
            expect.objectContaining({
              name: "loop",
              ratio: expect.objectContaining({ match_ms_a_row: { median: 8, range: [8, 8] } }),
            }),
          ],
        },
        threads: 2,
        repeats: 1,
        tokens: 48,
      },
    ]);
  });

  test.each([
    ["--threads", "0"],
    ["--threads", "two"],
    ["--repeats", "0"],
    ["--tokens", "1"],
    ["--only", "rows,lines"],
    ["--match", "0"],
    ["--loop", "few"],
  ])("refuses %s %s", async (option, value) => {
    const { status, text } = await dial(["bench", option, value]);
    expect(status).toBe(2);
    expect(text).toContain(`invalid ${option}`);
  });

  test.each(["--match", "--loop"])("refuses %s where there is no match", async (option) => {
    const { status, text } = await dial(["bench", option, "5"]);
    expect(status).toBe(2);
    expect(text).toContain("they need --only match");
  });
});

describe("usage", () => {
  test("is shown for the program and for each command", async () => {
    expect((await dial(["--help"])).text).toMatch(/sample .*\n.*score .*\n.*accuracy .*\n.*match /);
    for (const name of ["sample", "score", "accuracy", "match", "dataset", "bench"]) {
      expect((await dial([name, "--help"])).text).toContain(`npm run -s dial -- ${name} `);
    }
  });

  test("of no command or an unknown one is an error", async () => {
    expect(await dial([])).toMatchObject({ status: 2, text: expect.stringContaining("no command") });
    for (const name of ["fly", "toString"]) {
      expect(await dial([name])).toMatchObject({
        status: 2,
        text: expect.stringContaining(`unknown command: "${name}"`),
      });
    }
  });
});

describe("a file that lines are appended to", () => {
  test("and that cannot be written is bad input", async () => {
    await expect(appendLines(folder, "1\n")).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining(`${folder}: cannot be written`),
    });
  });
});

describe("an error", () => {
  test("of the input is one line and status 2", () => {
    expect(outcomeOf(new DialError("invalid-option", "a\n  b"))).toEqual({ status: 2, text: "error: a b" });
  });

  test("of the program is not called bad input", () => {
    expect(outcomeOf(new TypeError("x is undefined"))).toMatchObject({ status: 1 });
  });

  test("of being stopped has the shell's status", () => {
    expect(outcomeOf(new DialError("aborted", "stopped")).status).toBe(130);
  });
});

describe("progress", () => {
  const stream = (isTTY: boolean, columns = 80) => {
    const written: string[] = [];
    return { written, isTTY, columns, write: (text: string) => written.push(text) > 0 };
  };

  test("in a file is a line now and then, and the last one always", () => {
    const out = stream(false);
    const progress = progressOn(out);
    for (const text of ["1", "2", "3"]) progress.show(text);
    progress.end();
    expect(out.written).toEqual(["1\n", "3\n"]);
  });

  test("on a terminal rewrites one line", () => {
    const out = stream(true);
    const progress = progressOn(out);
    progress.show("1");
    progress.show("2");
    progress.end();
    expect(out.written).toEqual(["\r\x1b[K1", "\r\x1b[K2", "\n"]);
  });

  test("on a terminal fits the line, and makes room for a result", () => {
    const out = stream(true, 4);
    const progress = progressOn(out);
    progress.show("12345");
    progress.clear();
    progress.show("2");
    progress.clear();
    progress.end();
    expect(out.written).toEqual(["\r\x1b[K123", "\r\x1b[K", "\r\x1b[K2", "\r\x1b[K"]);
  });
});
