import { csvFormatRows } from "d3";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsvRecords } from "../../../src/domain/dataset/csvRecords";
import { readSourceRows } from "../../../src/domain/dataset/sourceRows";
import { question } from "../../../src/domain/dialogue";
import { all, inChunks } from "../../support/text";

const read = (text: string, size?: number) => all(readSourceRows(inChunks(text, size)));
const eggs = (...completions: string[]) =>
  completions.map((completion) => ({ prompt: question("Eggs?"), completion }));

describe("a row of JSON Lines", () => {
  test.each([
    [
      String.raw`{"chosen":"\n\nHuman: Eggs?\n\nAssistant: Boil.","rejected":"\n\nHuman: Eggs?\n\nAssistant: No."}`,
    ],
    [String.raw`{"prompt_dialogue":"\n\nHuman: Eggs?","chosen":"Boil.","rejected":"No.","axis":"helpful"}`],
    ['{"prompt":"Eggs?","chosen":"Boil.","rejected":"No."}'],
  ])("with two replies gives both, the better one first: %s", async (line) => {
    expect(await read(line)).toEqual([{ line: 1, examples: eggs("Boil.", "No.") }]);
  });

  test.each(['{"prompt":"Eggs?","completion":"Boil."}', '{"prompt":"Eggs?","response":"Boil."}'])(
    "with one reply gives it: %s",
    async (line) => {
      expect(await read(`\n${line}\n`)).toEqual([{ line: 2, examples: eggs("Boil.") }]);
    },
  );

  test("may have null for what it does not have", async () => {
    const rest = { prompt_dialogue: null, chosen: null, rejected: null, response: null, messages: null };
    const line = JSON.stringify({ prompt: "Eggs?", completion: "Boil.", ...rest });
    expect(await read(line)).toEqual([{ line: 1, examples: eggs("Boil.") }]);
  });

  test("of a chat gives its last message; what the system says is told apart", async () => {
    const chat = (...said: readonly (readonly [string, string])[]) =>
      JSON.stringify({ messages: said.map(([role, content]) => ({ role, content })), weight: 1 });
    const asked = [
      ["user", "Eggs?"],
      ["assistant", "Boil."],
    ] as const;
    const more = chat(
      ["system", "Be brief."],
      ...asked,
      ["user", "How long?"],
      ["assistant", " 6 minutes. "],
    );
    expect(await read(`${chat(...asked)}\n${more}`)).toEqual([
      { line: 1, examples: eggs("Boil.") },
      {
        line: 2,
        examples: [
          {
            prompt: [
              { speaker: "human", text: "Eggs?" },
              { speaker: "assistant", text: "Boil." },
              { speaker: "human", text: "How long?" },
            ],
            completion: "6 minutes.",
          },
        ],
        instructions: ["Be brief."],
      },
    ]);
  });

  test("has a transcript for its prompt where that begins as one", async () => {
    const line = String.raw`{"prompt":"\n\nHuman: Eggs?","completion":"Boil."}`;
    expect(await read(line)).toEqual([{ line: 1, examples: eggs("Boil.") }]);
  });

  test("of a published pair that cannot be split has none", async () => {
    const damaged = String.raw`{"chosen":"\n\nHuman: Eggs?","rejected":"\n\nHuman: Eggs?\n\nAssistant: No."}`;
    expect(await read(damaged)).toEqual([{ line: 1, examples: null }]);
  });

  test.each([
    ['{"prompt":', 'not JSON: "{\\"prompt\\":"'],
    ['{"prompt":"Eggs?"}', '"completion" is missing'],
    ['{"completion":"Boil."}', '"prompt" is missing'],
    ['{"chosen":"Human: a"}', '"rejected" is missing'],
    ['{"prompt":"Eggs?","rejected":"a"}', '"chosen" is missing'],
    ['{"prompt_dialogue":3,"chosen":"a","rejected":"b"}', '"prompt_dialogue" is 3; expected text'],
    ['{"prompt":" ","completion":"a"}', '"prompt" is missing or blank'],
    ['{"chosen":"a","rejected":"b"}', 'invalid dialogue: "a"'],
    ["3", "3; expected a JSON object"],
    ['{"messages":"Eggs?"}', '"messages" is no list'],
    ['{"messages":[{"role":"tool","content":"a"}]}', '"role" is "tool"; expected user, assistant or system'],
    ['{"messages":[{"role":"user","content":[]}]}', '"content" is Array; expected text'],
    ['{"messages":[{"role":"user","content":"Eggs?"}]}', "the last message is not the assistant's"],
    ['{"messages":[{"role":"assistant","content":"Boil."}]}', "empty prompt"],
  ])("that cannot be read says why, and those after it are read: %s", async (bad, problem) => {
    const good = '{"prompt":"Eggs?","completion":"Boil."}';
    expect(await read(`${good}\n${bad}\n${good}`)).toEqual([
      { line: 1, examples: eggs("Boil.") },
      { line: 2, problem: expect.stringContaining(problem) },
      { line: 3, examples: eggs("Boil.") },
    ]);
  });
});

describe("a file", () => {
  test("of CSV is read under the names of its first row", async () => {
    const text = 'id,prompt,completion\r\n1,Eggs?,"Boil,\r\nthen ""peel""."\r\n\r\n2,Eggs?,No.\r\n';
    expect(await read(text)).toEqual([
      { line: 2, examples: eggs('Boil,\nthen "peel".') },
      { line: 5, examples: eggs("No.") },
    ]);
  });

  test("of CSV may leave the columns blank that a row does not use", async () => {
    const asked = "Human: Eggs?";
    const text = [
      "prompt,prompt_dialogue,completion,response",
      `,${asked},Boil.,`,
      "Eggs?,,,Boil.",
      "Eggs?,,Boil.,",
      "Eggs?,,,",
    ].join("\n");
    expect(await read(text)).toEqual([
      { line: 2, examples: eggs("Boil.") },
      { line: 3, examples: eggs("Boil.") },
      { line: 4, examples: eggs("Boil.") },
      { line: 5, examples: eggs("") },
    ]);
    const transcripts = `"${asked}\n\nAssistant: Boil.","${asked}\n\nAssistant: No."`;
    expect(await read(`prompt,chosen,rejected\n,${transcripts}`)).toEqual([
      { line: 2, examples: eggs("Boil.", "No.") },
    ]);
  });

  test.each([
    ["1\n2\n", "expected columns"],
    ["What is snow?\nIs it cold?\n", "neither a JSON object nor a CSV head"],
    ['[{"prompt":"Eggs?"}]', "a JSON array; expected JSON Lines"],
  ])("of another kind is refused: %j", async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.toMatchObject({ code: "invalid-json-line" });
  });

  test.each(["", "\n \n"])("without a row has none: %j", async (text) => {
    expect(await read(text)).toEqual([]);
  });

  test("is let go of where the reading ends early", async () => {
    let closed = 0;
    async function* endless(): AsyncGenerator<string, void> {
      try {
        while (true) yield '{"prompt":"Eggs?","completion":"Boil."}\n';
      } finally {
        closed++;
      }
    }
    for await (const _ of readSourceRows(endless())) break;
    expect(closed).toBe(1);
  });
});

describe("CSV records", () => {
  const unixLines = (text: string): string => text.replaceAll("\r\n", "\n");

  test("are the cells that were written, wherever the text is cut", async () => {
    const cell = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('a "b" c', ",", "two\nlines", '"', "\r\n", "x"),
    );
    const rows = fc.array(fc.tuple(fc.constantFrom("k1", "k2"), cell, cell), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (cells, size) => {
        const text = csvFormatRows([["key", "first", "second"], ...cells]);
        const found = await all(readCsvRecords(inChunks(text, size)));
        expect(found.map((record) => ("value" in record ? record.value : record))).toEqual(
          cells.map(([key, first, second]) => ({ key, first: unixLines(first), second: unixLines(second) })),
        );
      }),
    );
  });

  test("of the wrong length, or never closed, are named by the line that they begin on", async () => {
    expect(await all(readCsvRecords(inChunks('a,b\n"1\n1",2\n3\n4,"5\n6')))).toEqual([
      { line: 2, value: { a: "1\n1", b: "2" } },
      { line: 4, problem: "1 cell; expected 2, as the first row has" },
      { line: 5, problem: "a quote is opened and never closed" },
    ]);
  });

  test("are given up where a quote has taken more lines than memory should hold", async () => {
    const rows = `3,${"4".repeat(100_000)}\n`.repeat(200);
    const reading = all(readCsvRecords(inChunks(`a,b\n"1,2\n${rows}`, 65_536)));
    await expect(reading).rejects.toMatchObject({
      code: "invalid-json-line",
      message: "line 2: a quote is opened and never closed",
    });
  });

  test("keep a quote inside a cell that begins with none, and the rows after it", async () => {
    const text =
      'a,b\nHow wide?,The screen is 5" wide\nHow high?,"3"" or 4"""\nHow deep?,2", "or so"\nHow far?,1\n';
    expect(await all(readCsvRecords(inChunks(text)))).toEqual([
      { line: 2, value: { a: "How wide?", b: 'The screen is 5" wide' } },
      { line: 3, value: { a: "How high?", b: '3" or 4"' } },
      { line: 4, problem: "3 cells; expected 2, as the first row has" },
      { line: 5, value: { a: "How far?", b: "1" } },
    ]);
  });

  test("that cannot be told apart are named, and so are the lines that a quote too many has taken", async () => {
    const text = 'a,b\n"x"y,1\n"Hello,1\nHi,"2"\n3,4\r5,6\n7,8\n';
    expect(await all(readCsvRecords(inChunks(text)))).toEqual([
      { line: 2, problem: "text after the closing quote of a cell" },
      { line: 3, problem: "text after the closing quote of a cell; the row ends on line 4" },
      { line: 5, problem: "a carriage return outside quotes" },
      { line: 6, value: { a: "7", b: "8" } },
    ]);
  });

  test.each(["prompt,completion\rEggs?,Boil.\r", '"prompt" x,completion\nEggs?,Boil.\n'])(
    "have no names where the first row cannot be read: %j",
    async (text) => {
      await expect(read(text)).rejects.toMatchObject({ code: "invalid-json-line" });
    },
  );
});
