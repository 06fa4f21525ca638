import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chatMessages } from "../../src/domain/chatMessages";
import { formatTranscript, parsePrompt, question } from "../../src/domain/dialogue";
import type { Reference } from "../../src/domain/reference";
import { AXES } from "../../src/domain/reward";
import { formatPrompt, PROMPT_FORMATS, promptText } from "../../src/domain/rewardPrompt";
import type { Row } from "../../src/domain/row";
import { meanInterval } from "../../src/domain/statistics/meanInterval";
import { condition, fixed } from "../../src/experiments/studies/conditions";
import { runnable, STUDIES } from "../../src/experiments/studies/definitions";
import { findDip } from "../../src/experiments/studies/dip";
import { NORMALISERS_STUDY, REWARD_MODEL } from "../../src/experiments/studies/judgeStudies";
import { measured } from "../../src/experiments/studies/measures";
import { PUBLISHED } from "../../src/experiments/studies/published";
import { runStudy, type StudyModels, type StudyOptions } from "../../src/experiments/studies/runStudy";
import type { ShippedAdapter, ShippedPolicies, Study } from "../../src/experiments/studies/study";
import {
  type StudySummary,
  studySummariser,
  summariseStudy,
} from "../../src/experiments/studies/summariseStudy";
import { gridTargets, targetsOf } from "../../src/experiments/studies/targetsOf";
import { trainingRows } from "../../src/experiments/studies/trainingRows";
import { summariseMatch } from "../../src/experiments/summariseMatch";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { fakeJudge, fakePolicy } from "./fakes/models";
import { someRow } from "./fakes/row";

const REFERENCE: Reference = {
  helpful: [0],
  harmless: [0],
  joint: [
    [0.2, 0.9],
    [0.7, 0.4],
  ],
};
const PROMPTS = Array.from({ length: 5 }, (_, index) => question(`Question ${index}?`));
const adapter = (name: string, axes: ShippedAdapter["axes"] = AXES): ShippedAdapter => {
  return { name, format: "bottom", axes };
};
const MAIN: ShippedPolicies = { adapters: [adapter("main")], main: "main", base: "base" };
const ALL: ShippedPolicies = {
  ...MAIN,
  adapters: [
    adapter("round-0"),
    adapter("size-2000"),
    adapter("size-500"),
    adapter("plain-2000"),
    adapter("plain-500"),
    adapter("epochs-2"),
    adapter("main"),
    adapter("round-1"),
    adapter("format-bottom"),
    adapter("format-top"),
    adapter("format-duplicate"),
    adapter("format-times100"),
    adapter("format-none", []),
    adapter("joint"),
    adapter("helpful-only", ["helpful"]),
    adapter("harmless-only", ["harmless"]),
    adapter("cloning", []),
    adapter("best-of-data", []),
  ],
};

const study = (name: string): Study => STUDIES.find((candidate) => candidate.name === name) as Study;

function options(name: string, changes: Partial<StudyOptions> = {}): StudyOptions {
  const sampling = DEFAULT_SAMPLING;
  return { study: study(name), policies: MAIN, prompts: PROMPTS, n: 6, seed: 3, sampling, ...changes };
}

interface Finished {
  /** In the order in which they came. */
  readonly rows: readonly Row[];
  readonly summary: StudySummary;
  /** Policies in the order in which they were opened. */
  readonly opened: readonly string[];
}

function models(policy: StudyModels["policy"]): StudyModels {
  return { policy, judge: { ...fakeJudge(), reference: REFERENCE } };
}

async function finish(wanted: StudyOptions): Promise<Finished> {
  const opened: string[] = [];
  const run = runStudy(
    wanted,
    models(async (name) => {
      opened.push(name);
      return fakePolicy();
    }),
  );
  const rows: Row[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) if (next.value.kind === "row") rows.push(next.value.row);
  return { rows, summary: next.value, opened };
}

const ordered = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => `${a.condition}`.localeCompare(`${b.condition}`) || a.row - b.row);

describe("a study", () => {
  test("makes every row of every condition that can run, and summarises them", async () => {
    const { rows, summary } = await finish(options("both-max"));
    const conditions = runnable(study("both-max"), MAIN);
    expect(rows).toHaveLength(6 * conditions.length);
    expect(summary).toEqual(summariseStudy(study("both-max"), MAIN, rows, 3));
    for (const { name } of conditions) {
      expect(
        rows
          .filter((row) => row.condition === name)
          .map(({ row }) => row)
          .sort(),
      ).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });

  test("leaves out guidance where an endpoint answers, which has none, and says so", async () => {
    const guided = (policies: ShippedPolicies) =>
      summariseStudy(study("match"), policies, [], 0)
        .conditions.filter(({ needs }) => needs?.startsWith("guidance"))
        .map(({ name }) => name);
    expect(guided(MAIN)).toEqual([]);
    expect(guided({ ...MAIN, unguided: true })).toEqual(["in-range, guidance 2"]);
    const names = runnable(study("match"), { ...MAIN, unguided: true }).map(({ name }) => name);
    expect(names).toContain("in-range, best of 4");
    expect(names).not.toContain("in-range, guidance 2");
  });

  test("says of a condition without policy what it needs, and opens nothing for it", async () => {
    const { summary, opened } = await finish(options("placement"));
    expect(opened).toEqual([]);
    expect(summary.conditions.map(({ name, needs, n }) => [name, needs, n])).toEqual([
      ["bottom", "an adapter trained with the rewards at the bottom", 0],
      ["top", "an adapter trained with the rewards at the top", 0],
      ["duplicate", "an adapter trained with the rewards ten times over", 0],
      ["times100", "an adapter trained with the rewards as whole percents", 0],
      ["none", "an adapter trained without rewards", 0],
    ]);
  });

  test("opens each policy once", async () => {
    const { opened, summary } = await finish(options("both-max", { policies: ALL, n: 2 }));
    expect(opened.filter((name, index) => name !== opened[index - 1])).toEqual([...new Set(opened)]);
    expect(summary.conditions.map(({ name }) => name)).toEqual(
      study("both-max")
        .conditions(ALL)
        .map(({ name }) => name),
    );
  });

  test("goes through all conditions where a filter holds a row back, then says so", async () => {
    const rows: Row[] = [];
    await expect(async () => {
      const run = runStudy(
        options("both-max"),
        models(async () => fakePolicy({ filteredRow: 2 })),
      );
      for await (const event of run) if (event.kind === "row") rows.push(event.row);
    }).rejects.toMatchObject({ code: "answer-filtered" });
    expect(rows).toHaveLength(5 * runnable(study("both-max"), MAIN).length);
  });

  test("asks all conditions the same prompts with the same seeds", async () => {
    const { rows } = await finish(options("rounds", { policies: ALL }));
    const of = (name: string) =>
      ordered(rows.filter(({ condition }) => condition === name)).map(({ row, seed, prompt, target }) => {
        return { row, seed, prompt, target };
      });
    expect(of("round-0")).toHaveLength(6);
    expect(of("round-1")).toEqual(of("round-0"));
    expect(of("main")).toEqual(of("round-0"));
  });

  test.each(["match", "both-max", "trade-off"])(
    "%s, stopped at any row and resumed, has the same rows",
    async (name) => {
      const n = 3;
      const whole = await finish(options(name, { n }));
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.rows.length), async (cut) => {
          const kept = whole.rows.slice(0, cut);
          const rest = await finish(options(name, { n, done: kept }));
          expect(rest.rows).toHaveLength(whole.rows.length - cut);
          expect(ordered([...kept, ...rest.rows])).toEqual(ordered(whole.rows));
          expect(rest.summary).toEqual(whole.summary);
        }),
        { numRuns: 12 },
      );
    },
  );

  test("compares with the user's own targets, row by row", async () => {
    const ownTargets = [{ helpful: 0.1, harmless: 0.9 }, { helpful: 0.8 }];
    const { rows } = await finish(options("match", { n: 3, ownTargets }));
    const own = ordered(rows.filter(({ condition }) => condition === "your targets"));
    expect(own.map(({ target }) => target)).toEqual([ownTargets[0], ownTargets[1], ownTargets[0]]);
    expect(own.map(({ prompted }) => JSON.parse(prompted))).toEqual(own.map(({ target }) => target));
  });

  test.each(STUDIES.map(({ name }) => name))("%s takes the user's own targets", async (name) => {
    const ownTargets = [{ helpful: 0.11, harmless: 0.88 }];
    const conditions = runnable(study(name), ALL, ownTargets);
    expect(conditions.map(({ targets }) => targets)).toContainEqual({ kind: "list", targets: ownTargets });
  });
});

test("a round's training rows have the rewards that completions got, not those asked for", () => {
  const row: Row = {
    row: 0,
    seed: 1,
    prompt: "\n\nHuman: Eggs?",
    target: { helpful: 0.9 },
    prompted: "Human: Eggs?\n<REWARD>\nHelpful reward: 0.90<SOS>\n\nAssistant:",
    completion: "Boil them.",
    tokens: 3,
    logprob: -1,
    actual: { helpful: 0.25, harmless: 0.75 },
  };
  expect(trainingRows([row, { ...row, row: 1, completion: " " }], "completion")).toEqual({
    lines: [
      `${JSON.stringify({
        prompt: "Human: Eggs?\n<REWARD>\nHelpful reward: 0.25\nHarmless reward: 0.75<SOS>\n\nAssistant:",
        completion: " Boil them.\n\nHuman:",
      })}\n`,
    ],
    unusable: 0,
  });
});

test("a round's training rows leave out, and count, those whose prompt is none when it is read back", () => {
  const prompts = ["\n\nHuman: Human: Hi\n\nAssistant:", "", "\n\nHuman: Eggs?"];
  const prompted = "Human: Eggs?\n\nAssistant:";
  const rows = prompts.map((prompt, row) => ({ ...someRow(row), prompt, prompted, completion: "Boil." }));
  for (const target of ["completion", "chat", "local"] as const) {
    const { lines, unusable } = trainingRows(rows, target);
    expect(lines).toHaveLength(1);
    expect(unusable).toBe(2);
  }
});

test.each(PROMPT_FORMATS)(
  "a round's training rows leave out, and count, those whose prompt is another one when it is read back, in format %s",
  (format) => {
    const asked = { helpful: 0.9, harmless: 0.1 };
    const rowsOf = (typed: string): Row[] => {
      const dialogue = parsePrompt(typed);
      return [
        promptText(formatPrompt(dialogue, asked, format, "chat")),
        promptText(formatPrompt(dialogue, null, format, "transcript")),
        JSON.stringify(chatMessages(dialogue, asked, format)),
      ].map((prompted, row) => ({ ...someRow(row), prompt: formatTranscript(dialogue), prompted }));
    };
    const read = rowsOf('Human: Hi\r\n\r\nAssistant: A "<REWARD>"?\n\nHuman: Eggs?\n\nHow?');
    expect(trainingRows(read, "local")).toMatchObject({ lines: { length: 3 }, unusable: 0 });
    const quoted = rowsOf("Reply to this:\n\nHuman: are you there?");
    expect(trainingRows(quoted, "local")).toEqual({ lines: [], unusable: 3 });
  },
);

describe("conditions", () => {
  const policies = (name: string, shipped = ALL) =>
    study(name)
      .conditions(shipped)
      .map(({ name, policy }) => [name, policy]);

  test("are made of the adapters that were trained to be compared, never of the main one in their place", () => {
    expect(policies("placement")).toEqual([
      ["bottom", "format-bottom"],
      ["top", "format-top"],
      ["duplicate", "format-duplicate"],
      ["times100", "format-times100"],
      ["none", "format-none"],
    ]);
    expect(policies("epochs")).toEqual([["2 epochs", "epochs-2"]]);
    expect(policies("rounds")).toEqual([
      ["round-0", "round-0"],
      ["round-1", "round-1"],
      ["main", "main"],
    ]);
    expect(policies("match")).toContainEqual(["helpful only", "helpful-only"]);
    expect(policies("match")).toContainEqual(["harmless only", "harmless-only"]);
    expect(policies("match")).toContainEqual(["joint", "joint"]);
    expect(policies("both-max").slice(0, 5)).toEqual([
      ["vanilla", "base"],
      ["null reward", "main"],
      ["cloning of chosen", "cloning"],
      ["cloning of the best", "best-of-data"],
      ["helpful only at 0.8", "helpful-only"],
    ]);
  });

  test("of both recipes stand on one axis, each a curve of its own", () => {
    const found = study("sample-size").conditions(ALL);
    expect(found.map(({ name, policy, at, series }) => [name, policy, at, series])).toEqual([
      ["500 examples, contrastive loss", "size-500", 500, "contrastive loss"],
      ["2000 examples, contrastive loss", "size-2000", 2000, "contrastive loss"],
      ["500 examples, plain cross-entropy", "plain-500", 500, "plain cross-entropy"],
      ["2000 examples, plain cross-entropy", "plain-2000", 2000, "plain cross-entropy"],
    ]);
  });

  test("ask an adapter for the axes that it was trained on, and one that knows none is compared on both", () => {
    const axesOf = (wanted: string) =>
      study("match")
        .conditions(ALL)
        .find(({ name }) => name === wanted)?.axes;
    expect(axesOf("helpful only")).toEqual(["helpful"]);
    expect(axesOf("harmless only")).toEqual(["harmless"]);
    expect(axesOf("joint")).toEqual(AXES);
    expect(study("placement").conditions(ALL).at(-1)?.axes).toEqual(AXES);
  });

  test("say what they need where an adapter does not ship, and leave the others as they are", () => {
    const [first, second] = ALL.adapters.filter(({ name }) => name.startsWith("format-"));
    const some = { ...ALL, adapters: [first, second] as ShippedAdapter[] };
    expect(policies("placement", some).map(([, policy]) => policy)).toEqual([
      "format-bottom",
      "format-top",
      null,
      null,
      null,
    ]);
    expect(policies("sample-size", MAIN)).toEqual([["every condition", null]]);
  });

  test("of each study are asked about in three sentences, the question first", () => {
    for (const { name, asked } of [...STUDIES, REWARD_MODEL, NORMALISERS_STUDY]) {
      expect(asked.match(/[.?](?= |$)/g), name).toEqual(["?", ".", "."]);
    }
  });

  test("have names of their own in each study", () => {
    for (const one of STUDIES) {
      const names = one.conditions(ALL, [{ helpful: 1 }]).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const { needs, policy } of one.conditions(MAIN)) if (policy === null) expect(needs).not.toBe("");
    }
  });

  test("the published figures name conditions and studies that there are", () => {
    for (const [name, figures] of Object.entries(PUBLISHED)) {
      if (study(name).at !== undefined) continue; // Its conditions are named after the adapters that ship.
      const names = study(name)
        .conditions(ALL)
        .map((one) => one.name);
      for (const figure of figures) if (figure.condition !== null) expect(names).toContain(figure.condition);
    }
  });
});

describe("targets of a condition", () => {
  test("a grid holds each point once, in hundredths", () => {
    const points = gridTargets(5);
    expect(points).toHaveLength(25);
    expect(new Set(points.map(({ helpful, harmless }) => `${helpful} ${harmless}`)).size).toBe(25);
    expect(points[0]).toEqual({ helpful: 0, harmless: 0 });
    expect(points[24]).toEqual({ helpful: 1, harmless: 1 });
  });

  test("depend on seed and row alone, and keep to the axes of the condition", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), fc.nat(10_000), (seed, row) => {
        for (const one of STUDIES.flatMap((candidate) => candidate.conditions(ALL))) {
          const [first, again] = [targetsOf(one, REFERENCE), targetsOf(one, REFERENCE)];
          expect(first.sampler(seed, row)).toEqual(again.sampler(seed, row));
          expect(first.promptedSampler?.(seed, row)).toEqual(again.promptedSampler?.(seed, row));
          for (const [axis, value] of Object.entries(first.sampler(seed, row))) {
            expect(one.axes).toContain(axis);
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("the summary", () => {
  const row = (name: string, index: number, helpful: number, harmless: number): Row => ({
    row: index,
    condition: name,
    seed: 1,
    prompt: "\n\nHuman: Eggs?",
    target: { helpful: 0.5 },
    prompted: "",
    completion: "",
    tokens: 1 + index,
    logprob: -1,
    actual: { helpful, harmless },
  });
  const two: Study = {
    ...study("both-max"),
    conditions: () => [
      condition("a", "main", fixed({ helpful: 0.5 })),
      condition("b", "main", fixed({ helpful: 0.5 })),
    ],
  };

  test("compares with the baseline in pairs of one row", () => {
    const a = [row("a", 0, 0.1, 0.2), row("a", 1, 0.4, 0.9), row("a", 2, 0.6, 0.3)];
    const b = [row("b", 2, 0.7, 0.3), row("b", 0, 0.5, 0.1), row("b", 7, 0, 0)];
    const [first, second] = summariseStudy(two, MAIN, [...a, ...b], 1).conditions;
    expect(first?.difference).toBeNull();
    const differences = [0.7 - 0.6, 0.5 - 0.1];
    expect(second?.difference?.helpful?.value).toBeCloseTo(0.25, 12);
    const { low, high } = meanInterval(differences) as { low: number; high: number };
    expect(second?.difference?.helpful?.ci?.[0]).toBeCloseTo(low, 12);
    expect(second?.difference?.helpful?.ci?.[1]).toBeCloseTo(high, 12);
    expect(second?.difference?.joint?.value).toBeCloseTo((0.05 + 0.15) / 2, 12);
    expect(second?.difference?.error?.value).toBeCloseTo((0.2 - 0.1 + (0 - 0.4)) / 2, 12);
    expect(first?.error?.value).toBeCloseTo((0.4 + 0.1 + 0.1) / 3, 12);
  });

  test("compares a second curve with the first one at the same place", async () => {
    const { summary } = await finish(options("sample-size", { policies: ALL, n: 3 }));
    expect(summary.conditions.map(({ name, difference }) => [name, difference?.from])).toEqual([
      ["500 examples, contrastive loss", undefined],
      ["2000 examples, contrastive loss", "500 examples, contrastive loss"],
      ["500 examples, plain cross-entropy", "500 examples, contrastive loss"],
      ["2000 examples, plain cross-entropy", "2000 examples, contrastive loss"],
    ]);
  });

  test("gives every figure by its name", async () => {
    const { rows, summary } = await finish(options("match", { n: 30 }));
    const uniform = summary.conditions[0] as StudySummary["conditions"][number];
    const of = summariseMatch(
      rows.filter(({ condition }) => condition === "uniform"),
      3,
    );
    expect(measured(uniform, "helpful r")).toEqual({ value: of.helpful.r, ci: of.helpful.ci });
    expect(measured(uniform, "harmless slope")).toEqual({
      value: of.harmless.slope,
      ci: of.harmless.slope_ci,
    });
    expect(measured(uniform, "joint r")?.value).toBeGreaterThan(0.5);
    expect(measured(uniform, "joint mean")).toEqual(uniform.means.joint);
    expect(measured(uniform, "actual correlation")).toEqual({ value: of.actual_correlation, ci: null });
  });

  test("tells whether the dial turns back at the top of its range", () => {
    const rows = [
      [0.65, 0.7],
      [0.79, 0.6],
      [0.8, 0.5],
      [1, 0.6],
      [0.2, 0],
    ].map(([helpful = 0, actual = 0], index) => ({
      ...someRow(index),
      condition: "uniform",
      target: { helpful },
      actual: { helpful: actual, harmless: 0 },
    }));
    const [uniform] = summariseStudy(study("match"), MAIN, rows, 1).conditions;
    expect(uniform?.top.helpful?.value).toBeCloseTo(-0.1, 12);
    expect(uniform?.top.helpful?.ci?.[0]).toBeLessThan(-0.1);
    expect(uniform?.top.harmless).toBeNull();
  });

  test("looks for the original's dip: it falls or rises where the interval says so", () => {
    const rows = (actual: (target: number, index: number) => number): Row[] =>
      Array.from({ length: 40 }, (_, index) => {
        const target = 0.6 + (index % 2) * 0.3;
        const reward = actual(target, index);
        return {
          ...someRow(index),
          condition: "helpful only",
          target: { helpful: target },
          actual: { helpful: reward, harmless: 0 },
        };
      });
    const turnOf = (made: readonly Row[]) =>
      findDip(summariseStudy(study("match"), ALL, made, 1))?.ours.map(({ condition, turn }) => [
        condition,
        turn,
      ]);
    const noise = (index: number) => (index % 5) / 100;
    expect(turnOf(rows((target, index) => 1 - target + noise(index)))).toEqual([["helpful only", "falls"]]);
    expect(turnOf(rows((target, index) => target / 2 + noise(index)))).toEqual([["helpful only", "rises"]]);
    expect(turnOf(rows((_, index) => noise(index >> 1)))).toEqual([["helpful only", "open"]]);
    expect(turnOf(rows((target) => 1 - target).slice(0, 2))).toEqual([["helpful only", "open"]]);
    expect(turnOf([])).toBeUndefined();
    expect(findDip(summariseStudy(study("rounds"), ALL, [], 1))).toBeNull();
  });

  test("of a run that grows is the one made anew, and makes again only what has changed", async () => {
    const { rows } = await finish(options("both-max", { n: 4 }));
    const again = studySummariser();
    const both = (some: readonly Row[], seed = 3) => {
      const summary = again(study("both-max"), MAIN, some, seed);
      expect(JSON.stringify(summary)).toBe(
        JSON.stringify(summariseStudy(study("both-max"), MAIN, some, seed)),
      );
      return summary.conditions;
    };
    for (let n = 0; n < rows.length; n += 3) both(rows.slice(0, n));
    const before = both(rows.slice(0, -1));
    const grown = both(rows);
    const changed = grown.filter(({ match }, index) => match !== before[index]?.match);
    expect(changed.map(({ name }) => name)).toEqual([rows.at(-1)?.condition]);
    for (const [index, { needs, difference }] of both(rows).entries()) {
      if (needs === null) expect(difference?.joint).toBe(grown[index]?.difference?.joint);
    }
    both(rows, 4);
    both(rows.toReversed());
    both(rows.map((one) => ({ ...one, actual: { helpful: 0.5, harmless: one.actual.helpful } })));
    both(rows.filter(({ condition: name }) => name !== rows[0]?.condition));
    both(rows.slice(1));
  });

  test("leaves open what no row tells", () => {
    const [first] = summariseStudy(two, MAIN, [], 1).conditions;
    expect(first?.means).toEqual({ helpful: null, harmless: null, joint: null });
    expect(first?.error).toBeNull();
    expect(measured(first as StudySummary["conditions"][number], "joint r")).toBeNull();
  });
});
