import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPrompts } from "../../../src/domain/dataLines";
import { Findings } from "../../../src/domain/dataset/findings";
import { LabelTable } from "../../../src/domain/dataset/labelTable";
import { openingOf, splitOf } from "../../../src/domain/dataset/selectExamples";
import { readSourceRows } from "../../../src/domain/dataset/sourceRows";
import { TARGET_MODELS, type TargetModel } from "../../../src/domain/dataset/targetModels";
import { question } from "../../../src/domain/dialogue";
import type { Reference } from "../../../src/domain/reference";
import { labelExamples } from "../../../src/experiments/dataset/labelExamples";
import { DatasetSession, type Style } from "../../../src/experiments/dataset/session";
import type { RewardModel } from "../../../src/runtimes/rewardModel";
import { all, inChunks } from "../../support/text";
import { fakeJudge } from "../fakes/models";

const SCORES = Array.from({ length: 100 }, (_, k) => (k + 0.5) / 100);
const REFERENCE: Reference = { helpful: SCORES, harmless: SCORES, joint: [[0.5, 0.5]] };
const ALL = { validation: 0, limit: Infinity };
const STYLE: Style = {
  ...ALL,
  normaliser: "quantile",
  format: "bottom",
  model: TARGET_MODELS[0] as TargetModel,
};
const characters = (text: string): number => text.length;

const line = (prompt: string, ...[chosen, rejected]: string[]): string =>
  `${JSON.stringify(rejected === undefined ? { prompt, completion: chosen } : { prompt, chosen, rejected })}\n`;

interface FileParts {
  readonly tests?: string;
  readonly labels?: LabelTable;
}

function open(text: string, { tests, labels }: FileParts = {}): Promise<DatasetSession> {
  const testPrompts = tests === undefined ? undefined : () => readPrompts(inChunks(tests));
  return DatasetSession.open(
    { rows: () => readSourceRows(inChunks(text, 64)), testPrompts },
    REFERENCE,
    labels,
  );
}

/** A judge that counts what it is asked, and gives out after so many batches. */
function countingJudge(patience = Infinity): RewardModel & { scored: number } {
  const judge = fakeJudge();
  let calls = 0;
  return {
    name: "counting",
    scored: 0,
    async score(examples, options) {
      if (calls++ >= patience) throw new Error("the judge gave out");
      this.scored += examples.length;
      return judge.score(examples, options);
    },
  };
}

async function label(session: DatasetSession, judge: RewardModel, part = ALL, size = 2): Promise<void> {
  for await (const labels of labelExamples(session.unlabelled(part, size), judge)) session.keep(labels);
}

async function rowsOf(session: DatasetSession, style = STYLE, findings = new Findings()) {
  return all(session.rows(style, characters, findings));
}

describe("a dataset", () => {
  test("whose labels are replaced goes on with the others, also while it is labelled", async () => {
    const session = await open(line("Eggs?", "0.9 0.1", "0.25 0.5") + line("Tea?", "0.4 0.6", "0.1 0.2"));
    const known = new LabelTable();
    for await (const labels of labelExamples(session.unlabelled(ALL, 1), fakeJudge())) known.add(labels);
    await label(session, fakeJudge());
    session.replaceLabels(new LabelTable());
    expect(session.overview(ALL)).toMatchObject({ selected: 4, labelled: 0 });
    expect(await rowsOf(session)).toEqual([]);
    const judge = countingJudge();
    for await (const labels of labelExamples(session.unlabelled(ALL, 1), judge)) {
      session.keep(labels);
      session.replaceLabels(known);
    }
    expect(judge.scored).toBe(1);
    expect(session.overview(ALL)).toMatchObject({ labelled: 4 });
  });

  test("has a row for each completion, with the rewards that the judge gave it", async () => {
    const session = await open(line("Eggs?", "0.9 0.1", "0.25 0.5"));
    await label(session, fakeJudge());
    const row = (helpful: string, harmless: string, completion: string): string =>
      `${JSON.stringify({
        prompt: `Human: Eggs?\n<REWARD>\nHelpful reward: ${helpful}\nHarmless reward: ${harmless}<SOS>\n\nAssistant:`,
        completion: ` ${completion}\n\nHuman:`,
      })}\n`;
    expect(await rowsOf(session)).toMatchObject([
      { line: 1, split: "train", text: row("0.90", "0.10", "0.9 0.1") },
      { line: 1, split: "train", text: row("0.25", "0.50", "0.25 0.5") },
    ]);
  });

  test("leaves out what came before, what has no text, and damaged pairs, and says where", async () => {
    const damaged = `${JSON.stringify({ chosen: "Human: a", rejected: "Human: a\n\nAssistant: b" })}\n`;
    const session = await open(
      line("Q?", "0 0", " 0 0\n") + damaged + line("Q?", "0 0", "1 1") + line("Another?", "0 0", " \n"),
    );
    const { rows, completions, selected, findings } = session.overview(ALL);
    expect({ rows, completions, selected }).toEqual({ rows: 4, completions: 6, selected: 3 });
    expect(findings.map(({ kind, count, first }) => [kind, count, first.map((found) => found.line)])).toEqual(
      [
        ["unsplit", 1, [2]],
        ["empty", 1, [4]],
        ["duplicate", 2, [1, 3]],
      ],
    );
  });

  test("names a line that cannot be read, and is made without it where that is asked for", async () => {
    const session = await open(`${line("Q?", "0 0")}{"prompt":\n${line("R?", "1 1")}`);
    expect(session.firstMalformed()).toEqual({ line: 2, problem: 'not JSON: "{\\"prompt\\":"' });
    await label(session, fakeJudge());
    expect((await rowsOf(session)).map((row) => row.line)).toEqual([1, 3]);
  });

  test("is made of chats without what the system says, and says so", async () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Eggs?" },
      { role: "assistant", content: "0.9 0.1" },
    ];
    const session = await open(`${JSON.stringify({ messages })}\n`, { tests: '{"prompt":"Rice?"}\n' });
    expect(session.overview(ALL)).toMatchObject({
      selected: 1,
      findings: [{ kind: "instructions", count: 1, first: [{ line: 1, message: '"Be brief."' }] }],
    });
    await label(session, fakeJudge());
    const [row] = await rowsOf(session);
    expect(JSON.parse(row?.text ?? "").prompt).toMatch(/^Human: Eggs\?\n/);
  });

  test("leaves out what begins like a test prompt, whatever its case and spaces", async () => {
    const session = await open(line("How  do\nI boil EGGS?", "0 0") + line("And rice?", "1 1"), {
      tests: '{"prompt":"how do I boil eggs?"}\n',
    });
    expect(session.overview(ALL)).toMatchObject({
      selected: 1,
      testQuestions: 1,
      findings: [{ kind: "leaked", count: 1 }],
    });
  });

  test("leaves out what begins like a test prompt of a CSV", async () => {
    const session = await open(line("How do I boil eggs?", "0 0") + line("And rice?", "1 1"), {
      tests: 'axis,prompt\nhelpful,"How do I boil eggs?"\nhelpful,"How do I boil eggs?"\n',
    });
    expect(session.overview(ALL)).toMatchObject({ selected: 1, testQuestions: 1 });
  });

  test("is not made where there are to be test prompts and is none", async () => {
    await expect(open(line("Q?", "0 0"), { tests: "\n" })).rejects.toMatchObject({ code: "empty-prompt" });
  });

  test("knows chats that begin with the assistant by what the human asks first", async () => {
    const chat = (asked: string): string => {
      const said = { assistant: "Hello!", user: asked };
      const messages = Object.entries(said).map(([role, content]) => ({ role, content }));
      return `${JSON.stringify({ messages: [...messages, { role: "assistant", content: "0 0" }] })}\n`;
    };
    const session = await open(chat("Eggs?") + chat("Rice?"), { tests: '{"prompt":"Eggs?"}\n' });
    expect(session.overview(ALL)).toMatchObject({
      selected: 1,
      findings: [{ kind: "leaked", count: 1, first: [{ line: 1, message: '"Eggs?"' }] }],
    });
  });

  test("leaves out rows that are too long for the model, and says by how much", async () => {
    const session = await open(line("Q?", "0 0") + line("R?", `1 1 ${"long ".repeat(50)}`));
    await label(session, fakeJudge());
    const findings = new Findings();
    const model = { ...STYLE.model, context: 120 };
    expect(await rowsOf(session, { ...STYLE, model }, findings)).toHaveLength(1);
    expect(findings.list()).toMatchObject([{ kind: "too-long", count: 1, first: [{ line: 2 }] }]);
  });

  test("is written of its first completions only where a limit is set", async () => {
    const session = await open(line("Q?", "0 0", "0 1") + line("R?", "1 0", "1 1"));
    const judge = countingJudge();
    const part = { validation: 0, limit: 3 };
    await label(session, judge, part);
    expect(judge.scored).toBe(3);
    expect(await rowsOf(session, { ...STYLE, ...part })).toHaveLength(3);
  });
});

describe("labelling", () => {
  const questions = Array.from({ length: 30 }, (_, k) => line(`Question ${k % 20}?`, `0.${k % 20} 0`, "1 1"));

  test("is taken up where it broke off: no completion is labelled twice, none is lost", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 })),
        fc.integer({ min: 1, max: 7 }),
        async (breaks, size) => {
          const labels = new LabelTable();
          let scored = 0;
          for (const patience of [...breaks, Infinity]) {
            const judge = countingJudge(patience);
            const session = await open(questions.join(""), { labels });
            await label(session, judge, ALL, size).catch((error: Error) => {
              expect(error.message).toBe("the judge gave out");
            });
            scored += judge.scored;
          }
          const whole = await open(questions.join(""), { labels });
          expect(whole.overview(ALL)).toMatchObject({ selected: 40, labelled: 40 });
          expect(scored).toBe(40);
        },
      ),
      { numRuns: 15 },
    );
  });

  test("of a file that has grown pays for the new completions alone", async () => {
    const labels = new LabelTable();
    await label(await open(questions.slice(0, 10).join(""), { labels }), fakeJudge());
    const judge = countingJudge();
    await label(await open(questions.slice(0, 12).join(""), { labels }), judge);
    expect(judge.scored).toBe(4);
  });

  test("reads no further than the batch at hand", async () => {
    let read = 0;
    const data = async function* (): AsyncGenerator<string, void> {
      for (let k = 0; k < 1000; k++) {
        read++;
        yield line(`Question ${k}?`, "0 0");
      }
    };
    const session = await DatasetSession.open({ rows: () => readSourceRows(data()) }, REFERENCE);
    read = 0;
    const batches = session.unlabelled(ALL, 16);
    await batches.next();
    expect(read).toBeLessThanOrEqual(18);
    await batches.return();
  });

  test("is stopped between batches", async () => {
    const stop = new AbortController();
    const session = await open(questions.join(""));
    const run = labelExamples(session.unlabelled(ALL, 4), fakeJudge(), stop.signal);
    await run.next();
    stop.abort();
    await expect(run.next()).rejects.toMatchObject({ code: "aborted" });
  });

  test("is stopped while labelled examples are skipped", async () => {
    const stop = new AbortController();
    let stopAt = Infinity;
    const rows = async function* () {
      let read = 0;
      for await (const row of readSourceRows(inChunks(questions.join("")))) {
        if (++read === stopAt) stop.abort();
        yield row;
      }
    };
    const session = await DatasetSession.open({ rows }, REFERENCE);
    await label(session, fakeJudge());
    stopAt = 3;
    const next = session.unlabelled(ALL, 4, stop.signal).next();
    await expect(next).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("the split", () => {
  test("puts all rows of one first question into one part, the same each time", async () => {
    const text = Array.from({ length: 200 }, (_, k) => line(`Question ${k % 50}?`, `0.${k} 0`)).join("");
    const style = { ...STYLE, validation: 0.3 };
    const session = await open(text);
    await label(session, fakeJudge(), ALL, 64);
    const rows = await rowsOf(session, style);
    const parts = new Map<string, Set<string>>();
    for (const { text: written, split } of rows) {
      const asked = /Question \d+/.exec(written)?.[0] ?? "";
      parts.set(asked, (parts.get(asked) ?? new Set()).add(split));
    }
    expect(parts.size).toBe(50);
    expect([...parts.values()].every((splits) => splits.size === 1)).toBe(true);
    const { splits } = session.overview(style);
    expect(splits.train + splits.validation).toBe(rows.length);
    expect(splits.validation).toBe(rows.filter(({ split }) => split === "validation").length);
  });

  test("grows with the share: what is for validation stays so", () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), (text, share) => {
        const opening = openingOf(question(text));
        expect(splitOf(opening, 0)).toBe("train");
        if (splitOf(opening, share) === "validation") {
          expect(splitOf(opening, Math.min(1, share + 0.1))).toBe("validation");
        }
      }),
    );
  });
});

describe("the reward scale", () => {
  const text = line("A?", "-2 0") + line("B?", "0 0") + line("C?", "2 0");
  const helpful = async (normaliser: Style["normaliser"]): Promise<string[]> => {
    const session = await open(text);
    await label(session, fakeJudge());
    const rows = await rowsOf(session, { ...STYLE, normaliser });
    return rows.map((row) => /Helpful reward: (-?[\d.]+)/.exec(row.text)?.[1] ?? "");
  };

  test.each([
    ["quantile", ["0.00", "0.00", "1.00"]],
    ["min-max", ["0.00", "0.50", "1.00"]],
    ["standard", ["-1.00", "0.00", "1.00"]],
    ["none", ["-2.00", "0.00", "2.00"]],
  ] as const)("%s writes %j", async (normaliser, expected) => {
    expect(await helpful(normaliser)).toEqual(expected);
  });

  test("is fitted on training rows alone", async () => {
    const questions = Array.from({ length: 40 }, (_, k) => `Question ${k}?`);
    const part = (asked: string) => splitOf(openingOf(question(asked)), 0.5);
    // Whatever is for validation is far outside what there is to train on.
    const session = await open(
      questions.map((asked, k) => line(asked, part(asked) === "train" ? `${k % 2} 0` : "100 0")).join(""),
    );
    await label(session, fakeJudge(), ALL, 64);
    const style = { ...STYLE, normaliser: "min-max", validation: 0.5 } as const;
    const rewards = (await rowsOf(session, style)).map(
      (row) => /Helpful reward: ([\d.]+)/.exec(row.text)?.[1],
    );
    expect(new Set(rewards)).toEqual(new Set(["0.00", "1.00"]));
    const bins = session.bins(style).helpful;
    expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(40);
    expect(bins[0]?.from).toBe(0);
    expect(bins.at(-1)?.to).toBe(1);
  });
});
