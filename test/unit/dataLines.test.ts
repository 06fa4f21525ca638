import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readExamples, readPairs, readPrompts } from "../../src/domain/dataLines";
import { question } from "../../src/domain/dialogue";
import { readJsonLines } from "../../src/domain/jsonLines";
import { checkSameRun, type RunHeader, readRun, runLine } from "../../src/domain/run";
import { all, inChunks } from "../support/text";
import { someRow } from "./fakes/row";

describe("JSON Lines", () => {
  test("are read whatever the chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom("\n", "\r\n", "\n\n"),
        fc.boolean(),
        async (values, size, separator, closed) => {
          const lines = values.map((value) => JSON.stringify(value));
          const text = lines.join(separator) + (closed ? separator : "");
          const read = await all(readJsonLines(inChunks(text, size)));
          expect(read.map(({ value }) => JSON.stringify(value))).toEqual(lines);
        },
      ),
    );
  });

  test("are numbered as an editor numbers them, blank ones too", async () => {
    const read = await all(readJsonLines(inChunks("\n1\n\n  \n2")));
    expect(read).toEqual([
      { line: 2, value: 1 },
      { line: 5, value: 2 },
    ]);
  });

  test("name the line that is not JSON, after those before it", async () => {
    const read: unknown[] = [];
    await expect(async () => {
      for await (const { value } of readJsonLines(inChunks('{"a":1}\n{"a":\n{"a":2}'))) read.push(value);
    }).rejects.toMatchObject({ code: "invalid-json-line", message: 'line 2: not JSON: "{\\"a\\":"' });
    expect(read).toEqual([{ a: 1 }]);
  });

  test("have no line without end", async () => {
    await expect(all(readJsonLines(inChunks("x".repeat(17_000_000), 1_000_000)))).rejects.toThrow(
      "line 1: longer than 16000000 characters",
    );
  });
});

describe("data lines", () => {
  const dialogue = '"prompt_dialogue":"\\n\\nHuman: Eggs?"';

  test("prompts are transcripts or questions", async () => {
    const text = `{${dialogue},"chosen":"x"}\n{"prompt":"Eggs?"}\n`;
    expect(await all(readPrompts(inChunks(text)))).toEqual([question("Eggs?"), question("Eggs?")]);
  });

  test.each([
    "[Urgent] My cat ate chocolate",
    "{x} is what in Python?",
    "[1] and [2], which is first?",
    '["Hello" in French?',
  ])("a question may begin with a bracket: %s", async (first) => {
    const read = await all(readPrompts(inChunks(`\n${first}\r\nEggs?`)));
    expect(read).toEqual([question(first), question("Eggs?")]);
  });

  test.each(["[", "[{", '[{"prompt":"Eggs?"},', '[ { "prompt": "Eggs?" } ]', '["Eggs?", "Ham?"]', "[]"])(
    "an array is refused: %s",
    async (first) => {
      await expect(all(readPrompts(inChunks(`${first}\n`)))).rejects.toThrow("line 1: a JSON array");
    },
  );

  test.each(["{", '{"prompt":"Eggs?', '{ "prompt": }', '{"prompt":"Eggs?"}}'])(
    "a first line that is damaged is told as such: %s",
    async (first) => {
      await expect(all(readPrompts(inChunks(`${first}\n{"prompt":"Ham?"}`)))).rejects.toThrow(
        "line 1: not JSON",
      );
    },
  );

  test.each([
    ['id,prompt\r\n1,"Eggs?\r\nOr ""tea""?"\r\n2,Ham?\r\n', ['Eggs?\nOr "tea"?', "Ham?"]],
    ['"prompt_dialogue"\n"Human: Eggs?"\n', ["Eggs?"]],
    ["prompt\nEggs?\n", ["Eggs?"]],
    ["Prompt,Id\nEggs?,1\n,\n , \n", ["Eggs?"]],
    ["Write a prompt, then stop.\nEggs, or ham?\n", ["Write a prompt, then stop.", "Eggs, or ham?"]],
    ["Hi,there\nEggs?\nHam, or tea?", ["Hi,there", "Eggs?", "Ham, or tea?"]],
  ])("prompts are the cells of a CSV's column, where its head names one: %j", async (text, asked) => {
    expect(await all(readPrompts(inChunks(text)))).toEqual(asked.map(question));
  });

  test.each([
    "question,answer\r\nEggs?,Boil.",
    '"id","user_question"\r\n1,Eggs?',
    "question;answer\r\nEggs?;Boil.",
    '"prompt";"my topic"\r\nEggs?',
    "Prompt\ttopic\r\nEggs?\tFood",
  ])(
    "a table whose columns are called otherwise is refused, not asked a line at a time: %j",
    async (table) => {
      await expect(all(readPrompts(inChunks(`${table}\r\n`)))).rejects.toMatchObject({
        code: "invalid-json-line",
        message: expect.stringContaining('line 1: the names of columns, of which none is "prompt"'),
      });
    },
  );

  test("a CSV of transcripts alone has no prompts", async () => {
    await expect(all(readPrompts(inChunks("chosen,rejected\na,b\n")))).rejects.toThrow(
      'line 2: expected "prompt_dialogue"',
    );
  });

  test("a prompt that begins as a transcript is read as one", async () => {
    const transcript = "\\n\\nHuman: Eggs?\\n\\nAssistant: Boil.\\n\\nHuman: How long?";
    expect(await all(readPrompts(inChunks(`{"prompt":"${transcript}"}`)))).toEqual([
      [
        { speaker: "human", text: "Eggs?" },
        { speaker: "assistant", text: "Boil." },
        { speaker: "human", text: "How long?" },
      ],
    ]);
    expect(await all(readPrompts(inChunks("Ham?\nHuman: Eggs?")))).toEqual([
      question("Ham?"),
      question("Eggs?"),
    ]);
    expect(await all(readPrompts(inChunks(String.raw`{"prompt":"\n\nHuman: Eggs?\n\nAssistant:"}`)))).toEqual(
      [question("Eggs?")],
    );
  });

  test("examples have a completion", async () => {
    expect(await all(readExamples(inChunks(`{${dialogue},"completion":"Boil."}`)))).toEqual([
      { prompt: question("Eggs?"), completion: "Boil." },
    ]);
  });

  test("pairs have a chosen and a rejected completion", async () => {
    expect(await all(readPairs(inChunks(`{${dialogue},"chosen":"Boil.","rejected":""}`)))).toEqual([
      { prompt: question("Eggs?"), chosen: "Boil.", rejected: "" },
    ]);
  });

  test.each([
    [
      readPrompts,
      '{"text":"Eggs?"}',
      'line 2: expected "prompt_dialogue" (a transcript) or "prompt" (a question), as text',
    ],
    [readPrompts, '{"prompt":" "}', "line 2: empty prompt"],
    [readPrompts, '{"prompt_dialogue":"Eggs?"}', "line 2: invalid dialogue"],
    [
      readPrompts,
      String.raw`{"prompt":"\n\nHuman: Hi\n\nAssistant: Hello."}`,
      "line 2: invalid dialogue: it ends with",
    ],
    [readExamples, `{${dialogue}}`, 'line 2: "completion" is missing'],
    [readExamples, "3", "line 2: 3; expected a JSON object"],
    [readPairs, `{${dialogue},"chosen":"a","rejected":null}`, 'line 2: "rejected" is null; expected text'],
    [
      readPairs,
      '{"prompt_dialogue":"Human: a\\n\\nAssistant: b","chosen":"","rejected":""}',
      "line 2: invalid dialogue",
    ],
  ])("%o: %s is refused by line and field", async (read, line, message) => {
    await expect(all<unknown>(read(inChunks(`\n${line}`)))).rejects.toThrow(message);
  });
});

describe("a run file", () => {
  const header: RunHeader = {
    kind: "match",
    version: 1,
    options: { seed: 1, n: 2 },
    models: { judge: "ab" },
  };
  const rows = [someRow(0), { ...someRow(1), heldout: { helpful: 0.1, harmless: 0.2 } }];

  test("read back is the run", async () => {
    const text = [header, ...rows].map(runLine).join("");
    expect(await readRun(inChunks(text))).toEqual({ header, rows });
  });

  test.each([
    ["", "line 1: empty; expected a run header"],
    [runLine(someRow(0)), "line 1: not a run header: kind"],
    [runLine(header) + runLine({ ...someRow(0), tokens: -1 }), "line 2: not a row: tokens"],
    [
      runLine(header) + runLine({ ...someRow(0), target: { helpful: 3 } }),
      "line 2: not a row: target.helpful",
    ],
  ])("that is damaged is refused by line and field: %#", async (text, message) => {
    await expect(readRun(inChunks(text))).rejects.toThrow(message);
  });

  test("is taken up only under the same options and models", () => {
    checkSameRun(header, structuredClone(header));
    const other = { ...header, options: { ...header.options, seed: 2 } };
    expect(() => checkSameRun(header, other)).toThrow("not the same run: seed was 1 and is 2");
    expect(() => checkSameRun(header, { ...header, models: {} })).toThrow('judge was "ab" and is not set');
  });
});
