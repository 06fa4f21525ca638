import { csvParseRows } from "d3";
import { describe, expect, test } from "vitest";
import type { Row } from "../../src/domain/row";
import { type RunHeader, readRun } from "../../src/domain/run";
import { toCsv, toJsonLines } from "../../src/storage/rowFiles";

const row = (number: number, completion: string): Row => ({
  row: number,
  seed: 3,
  prompt: "\n\nHuman: What is snow?",
  target: { helpful: 0.25, harmless: 1 },
  prompted: "Human: What is snow?\n<REWARD>\nHelpful reward: 0.25\nHarmless reward: 1.00<SOS>\n\nAssistant:",
  completion,
  tokens: 4,
  logprob: -8.5,
  actual: { helpful: 0.5, harmless: 0.75 },
});

const HEADER: RunHeader = { kind: "match", version: 1, options: { n: 2 }, models: { a: "b" } };

describe("rows as files", () => {
  test("JSON Lines of a run are read back as the run, in the order of its rows", async () => {
    const text = toJsonLines([row(1, "second"), row(0, "first")], HEADER);
    const chunks = async function* () {
      yield text;
    };
    expect(await readRun(chunks())).toEqual({
      header: HEADER,
      rows: [row(0, "first"), row(1, "second")],
    });
  });

  test("a row that stands in a run twice is read once", async () => {
    const chunks = async function* () {
      yield toJsonLines([row(0, "first"), row(1, "second"), row(0, "first")], HEADER);
    };
    expect((await readRun(chunks())).rows).toEqual([row(0, "first"), row(1, "second")]);
  });

  test("CSV keeps commas, quotes and line breaks of a completion", () => {
    const completion = 'Frozen water, "flakes"\nof it.';
    const [head, first] = csvParseRows(toCsv([row(0, completion)]));
    const cell = (name: string) => first?.[head?.indexOf(name) ?? -1];
    expect(cell("completion")).toBe(completion);
    expect(cell("target_harmless")).toBe("1");
    expect(cell("actual_helpful")).toBe("0.5");
    expect(cell("heldout_helpful")).toBe("");
  });
});
