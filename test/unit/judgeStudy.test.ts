import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvParse } from "d3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Axis } from "../../src/domain/reward";
import { wilsonInterval } from "../../src/domain/statistics/wilson";
import { surveyPairs, tryAskedPairs } from "../../src/experiments/studies/askedPairs";
import {
  type AskedPair,
  type JudgedPair,
  type JudgedReply,
  judgePairs,
} from "../../src/experiments/studies/judgePairs";
import { normaliserViews } from "../../src/experiments/studies/normalisers";
import { PUBLISHED_JUDGE } from "../../src/experiments/studies/publishedJudge";
import { type JudgeSummary, QUANTILES, summariseJudge } from "../../src/experiments/studies/summariseJudge";
import { judgeFiguresToCsv, pairsToCsv, pairsToJsonLines } from "../../src/storage/pairFiles";
import { dial } from "./fakes/dial";
import { fakeJudge } from "./fakes/models";

const reply = (helpful: number, harmless: number, length: number, second?: number): JudgedReply => ({
  raw: { helpful, harmless },
  percentile: { helpful, harmless },
  length,
  ...(second !== undefined && { second: { helpful: second, harmless: second } }),
});
let line = 0;
const pair = (axis: Axis, chosen: JudgedReply, rejected: JudgedReply): JudgedPair => ({
  axis,
  line: ++line,
  chosen,
  rejected,
});

describe("what pairs say of a judge", () => {
  const pairs = [
    pair("helpful", reply(0.9, 0.1, 30, 1), reply(0.2, 0.3, 10, 0)),
    pair("helpful", reply(0.5, 0.6, 10, 0), reply(0.7, 0.1, 20, 1)),
    pair("helpful", reply(0.4, 0.4, 10, 0), reply(0.4, 0.5, 10, 1)),
    pair("harmless", reply(0.1, 0.8, 5), reply(0.6, 0.2, 50)),
  ];
  const found = summariseJudge(pairs);

  test("counts a tie as half, with Wilson's interval", () => {
    const { low, high } = wilsonInterval(1.5, 3) as { low: number; high: number };
    expect(found.pairs.helpful.accuracy).toEqual({ value: 0.5, ci: [low, high] });
    expect(found.pairs.harmless.accuracy?.value).toBe(1);
  });

  test("asks the other head, both, and the length", () => {
    expect(found.pairs.helpful.cross?.value).toBeCloseTo(1 / 3, 12);
    expect(found.pairs.harmless.cross?.value).toBe(0);
    expect(found.pairs.helpful.joint?.value).toBeCloseTo(2 / 3, 12);
    expect(found.joint?.value).toBeCloseTo(3 / 4, 12);
    expect(found.pairs.helpful.longer?.value).toBe(0.5);
    expect(found.pairs.harmless.longer?.value).toBe(0);
  });

  test("tells how often a second judge prefers the same, where it scored all pairs", () => {
    expect(found.pairs.helpful.agreement?.value).toBeCloseTo(2 / 3, 12);
    expect(found.pairs.harmless.agreement).toBeNull();
  });

  test("describes all replies: quantiles in order, spread, bins that hold each once", () => {
    const { replies } = found;
    expect(replies.n).toBe(8);
    expect(replies.quantiles.helpful).toHaveLength(QUANTILES.length);
    expect(replies.quantiles.helpful.toSorted((a, b) => a - b)).toEqual(replies.quantiles.helpful);
    expect(replies.bins.harmless.reduce((sum, { n }) => sum + n, 0)).toBe(8);
  });

  test("leaves open what no pair tells", () => {
    const none = summariseJudge([]);
    expect(none.pairs.helpful).toMatchObject({ n: 0, accuracy: null, agreement: null, ece: null });
    for (const { ours } of PUBLISHED_JUDGE) expect(ours(none)).toBeNull();
  });

  test("has a figure beside each published one", () => {
    for (const { label, ours } of PUBLISHED_JUDGE) expect(ours(found)?.value, label).toBeTypeOf("number");
  });
});

const PAIR = { prompt_dialogue: "\n\nHuman: Eggs?", chosen: "0.8 0.3", rejected: "0.4 0.9" };

async function* chunksOf(lines: readonly unknown[]): AsyncGenerator<string, void> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`;
}

async function* askedOf(lines: readonly object[]): AsyncGenerator<AskedPair, void> {
  for await (const read of tryAskedPairs(chunksOf(lines), "helpful")) if ("pair" in read) yield read;
}

describe("pairs of a file", () => {
  const judged = async (done: readonly JudgedPair[] = []): Promise<JudgedPair[]> => {
    const pairs: JudgedPair[] = [];
    const asked = askedOf(Array(20).fill(PAIR));
    for await (const batch of judgePairs(asked, fakeJudge(), { second: fakeJudge(), done })) {
      pairs.push(...batch);
    }
    return pairs;
  };

  test("are scored by both judges in their order", async () => {
    const pairs = await judged();
    expect(pairs).toHaveLength(20);
    expect(pairs[19]).toEqual({
      axis: "helpful",
      line: 20,
      chosen: { ...reply(0.8, 0.3, 7), second: { helpful: 0.8, harmless: 0.3 } },
      rejected: { ...reply(0.4, 0.9, 7), second: { helpful: 0.4, harmless: 0.9 } },
    });
  });

  test("that are finished are skipped until the stop, and no further", async () => {
    const stop = new AbortController();
    let read = 0;
    const asked = (async function* () {
      for await (const pair of askedOf(Array(20).fill(PAIR))) {
        if (++read === 5) stop.abort();
        yield pair;
      }
    })();
    const run = judgePairs(asked, fakeJudge(), { done: await judged(), signal: stop.signal });
    await expect(run.next()).rejects.toMatchObject({ code: "aborted" });
    expect(read).toBe(5);
  });

  test("scored in part are gone on with, at any pair", async () => {
    const whole = await judged();
    for (const cut of [0, 1, 15, 16, 19, 20]) {
      const rest = await judged(whole.slice(0, cut));
      expect([...whole.slice(0, cut), ...rest]).toEqual(whole);
    }
  });

  test("are counted with the lines that hold none, whatever their number", async () => {
    const one = { prompt_dialogue: "\n\nHuman: Eggs?", completion: "One." };
    const lines = [PAIR, one, ...Array(300).fill(PAIR), ...Array(9).fill({})];
    const found = await surveyPairs(tryAskedPairs(chunksOf(lines), "helpful"));
    expect(found).toMatchObject({ count: 301, bad: 10 });
    expect(found.firstBad[0]).toEqual({
      line: 2,
      problem: 'one reply alone; expected "chosen" and "rejected"',
    });
    expect(found.firstBad).toHaveLength(5);
  });

  test("are other ones at other lines: their texts are found by line", async () => {
    const sha256 = async (...lines: readonly object[]) => (await surveyPairs(askedOf(lines))).sha256;
    const all = await sha256(PAIR, PAIR);
    // Recorded headers have it.
    expect(all).toBe("d0a361ae925959aef70ba5cc2749e07678fc775a02027e3c4e5045e3333b9442");
    expect(await sha256(PAIR, PAIR, {})).toBe(all);
    const others = [await sha256(PAIR, {}, PAIR), await sha256({}, PAIR, PAIR), await sha256(PAIR)];
    expect(new Set([all, ...others]).size).toBe(4);
  });
});

test("a published pair whose transcripts share no prompt is told by its line", async () => {
  const published = (question: string, reply: string) => `\n\nHuman: ${question}\n\nAssistant: ${reply}`;
  const whole = { chosen: published("Eggs?", "Boil."), rejected: published("Eggs?", "No.") };
  const found = await surveyPairs(
    tryAskedPairs(chunksOf([whole, { ...whole, rejected: published("Ham?", "No.") }]), "helpful"),
  );
  expect(found).toMatchObject({
    count: 1,
    bad: 1,
    firstBad: [{ line: 2, problem: "a damaged pair: its transcripts share no prompt" }],
  });
});

describe("as files", () => {
  const pairs = [pair("helpful", reply(0.9, 0.1, 30, 1), reply(0.2, 0.3, 10, 0))];

  test("pairs are scores alone, a line each", () => {
    const [line] = csvParse(pairsToCsv(pairs));
    expect(line).toMatchObject({ axis: "helpful", chosen_helpful: "0.9", rejected_second_helpful: "0" });
    const lines = pairsToJsonLines(pairs).trim().split("\n");
    expect(lines.map((text) => JSON.parse(text))).toEqual(pairs);
  });

  test("figures are a line each, with the interval where there is one", () => {
    const lines = csvParse(judgeFiguresToCsv(summariseJudge(pairs)));
    const of = (figure: string) => lines.find((one) => one.axis === "helpful" && one.figure === figure);
    expect(of("accuracy")).toMatchObject({ value: "1", high: "1" });
    expect(Number(of("accuracy")?.low)).toBeCloseTo(wilsonInterval(1, 1)?.low as number, 12);
    expect(of("n")).toMatchObject({ value: "1", low: "" });
    expect(lines.filter(({ axis }) => axis === "harmless").map(({ figure }) => figure)).not.toContain(
      "accuracy",
    );
  });
});

describe("in the shell", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dial-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("reward-model prints its figures", async () => {
    const path = join(folder, "pairs.jsonl");
    writeFileSync(path, `${JSON.stringify(PAIR)}\n`.repeat(3));
    const { printed, status } = await dial(["study", "reward-model", "--helpful", path, "--harmless", path]);
    expect(status).toBe(0);
    const [found] = printed as [JudgeSummary];
    expect(found.pairs.helpful).toMatchObject({ n: 3, accuracy: { value: 1 }, cross: { value: 0 } });
    expect(found.pairs.harmless).toMatchObject({ n: 3, accuracy: { value: 0 }, cross: { value: 1 } });
  });

  test("reward-model compares with a second judge that ships, and names a line without a pair", async () => {
    const path = join(folder, "pairs.jsonl");
    writeFileSync(path, `${JSON.stringify(PAIR)}\n{}\n`);
    const args = ["study", "reward-model", "--helpful", path];
    const refused = await dial(args);
    expect(refused.status).toBe(2);
    expect(refused.text).toContain(`${path}: line 2: "completion" is missing; --skip-malformed leaves out`);
    const { printed } = await dial([...args, "--skip-malformed"], { heldout: "other" });
    expect((printed as [JudgeSummary])[0].pairs.helpful).toMatchObject({ n: 1, agreement: { value: 1 } });
  });

  test("reward-model needs a file", async () => {
    expect(await dial(["study", "reward-model"])).toMatchObject({
      status: 2,
      text: "error: --helpful or --harmless is missing: a file of pairs; see --help",
    });
  });

  test("normalisers prints four views", async () => {
    const { printed } = await dial(["study", "normalisers"]);
    const names = (printed as [{ normalisers: { name: string }[] }])[0].normalisers.map(({ name }) => name);
    expect(names).toEqual(["quantile", "min-max", "standard", "none"]);
  });
});

describe("normalisers", () => {
  const helpful = Array.from({ length: 100 }, (_, index) => index / 10 - 5);
  const views = normaliserViews(
    { helpful, harmless: [-1, 0, 3], joint: [[0.5, 0.5]] },
    { helpful: 0.9, harmless: 0.5 },
    "bottom",
  );
  const view = (name: string) => views.find((candidate) => candidate.name === name) as (typeof views)[number];

  test("keep every reference answer", () => {
    for (const { bins } of views) {
      expect(bins.helpful.reduce((sum, { n }) => sum + n, 0)).toBe(100);
      expect(bins.harmless.reduce((sum, { n }) => sum + n, 0)).toBe(100);
    }
  });

  test("write the same answer differently", () => {
    expect(view("quantile").reward.helpful).toBeCloseTo(0.9, 2);
    expect(view("none").reward.helpful).toBeCloseTo(3.95, 12);
    expect(view("min-max").reward.helpful).toBeCloseTo((3.95 + 5) / 9.9, 12);
    expect(view("quantile").block).toContain("Helpful reward: 0.90");
    expect(view("none").block).toContain("Helpful reward: 3.95");
    expect(view("standard").reward.harmless).toBeLessThan(0);
    expect(new Set(views.map(({ block }) => block)).size).toBe(4);
  });
});
