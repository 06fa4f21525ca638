import { beforeEach, describe, expect, test, vi } from "vitest";
import { toast } from "../../src/app/components/Toast";
import {
  file,
  OWN,
  reading,
  readSource,
  skipMalformed,
  source,
  sourceError,
  takeOwn,
} from "../../src/app/match/promptSource";
import { prompts as settings } from "../../src/app/settings";
import { tryPrompts } from "../../src/domain/dataLines";
import { pickPrompts, surveyPrompts } from "../../src/experiments/runPrompts";
import { textChunks } from "../../src/storage/textChunks";

vi.mock("../../src/app/components/Toast", () => ({ toast: vi.fn() }));
/** What the reading of a file waits for before it begins. */
let gate: Promise<unknown> = Promise.resolve();
vi.mock("../../src/runtimes/local/workerReader", () => ({
  async surveyPrompts(content: Blob) {
    await gate;
    return surveyPrompts(tryPrompts(textChunks(content)));
  },
  pickPrompts: (content: Blob, ...rest: [never, number, number]) =>
    pickPrompts(tryPrompts(textChunks(content)), ...rest),
}));

/** @returns what opens it. */
function closeGate(): () => void {
  let open = () => {};
  gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return open;
}

const fileOf = (text: string) => new File([text], "mine.jsonl");
const asked = async () => (await source.value.pick(1)).prompts.map(([turn]) => turn?.text).sort();

beforeEach(() => {
  takeOwn();
  vi.mocked(toast).mockClear();
});

describe("the prompts of a run", () => {
  test("are our own until others are given", () => {
    expect(source.value).toBe(OWN);
  });

  test("are those of a file, its bad lines left out only where the user says so", async () => {
    await readSource(fileOf('{"prompt":"Eggs?"}\n{"prompt":""}\n{"prompt":"Snow?"}\n'));
    expect(source.value).toMatchObject({ name: "mine.jsonl", count: 2 });
    expect(file.value?.survey.bad).toBe(1);
    await expect(asked()).rejects.toThrow(/^mine\.jsonl, line 2: empty prompt/);
    skipMalformed.value = true;
    expect(await asked()).toEqual(["Eggs?", "Snow?"]);
    await readSource(fileOf('{"prompt":"Tea?"}\n3\n'));
    expect(skipMalformed.value).toBe(false);
  });

  test("of a file without lines are refused; those from before stay", async () => {
    await readSource(fileOf("Eggs?\n"));
    await readSource(fileOf("\n"));
    expect(sourceError.value).toMatchObject({
      message: expect.stringContaining("mine.jsonl, the file has no"),
    });
    expect(await asked()).toEqual(["Eggs?"]);
  });

  test("are those of the file that was chosen last, whichever is read first", async () => {
    const open = closeGate();
    const slow = readSource(fileOf("Eggs?\n"));
    await expect.poll(() => reading.value).toBe("mine.jsonl");
    gate = Promise.resolve();
    await readSource(fileOf("Tea?\n"));
    open();
    await slow;
    expect(await asked()).toEqual(["Tea?"]);
  });

  test("are our own where they are asked for while a file is read", async () => {
    const open = closeGate();
    const unwanted = readSource(fileOf("Eggs?\n"));
    takeOwn();
    open();
    await unwanted;
    expect(source.value).toBe(OWN);
  });

  test("are what was typed while a file was read", async () => {
    const open = closeGate();
    const read = readSource(fileOf("Eggs?\n"));
    settings.typed.value = "Is tea safe?";
    open();
    await read;
    expect(await asked()).toEqual(["Is tea safe?"]);
  });

  test("are what is typed, in place of a file", async () => {
    await readSource(fileOf("Eggs?\n"));
    settings.typed.value = "Is tea safe?\n\nAnd coffee?";
    expect(source.value.count).toBe(2);
    expect(await asked()).toEqual(["And coffee?", "Is tea safe?"]);
    settings.typed.value = '{"prompt":"Tea?"}\n{"promt":"Coffee?"}';
    await expect(asked()).rejects.toThrow("line 2: ");
  });

  test.each([
    ["a file takes their place", () => readSource(fileOf("Eggs?\n"))],
    ["our own do", takeOwn],
  ])("that were typed can be had back where %s", async (_, take) => {
    settings.typed.value = "Is tea safe?";
    await take();
    expect(settings.typed.value).toBe("");
    vi.mocked(toast).mock.lastCall?.[1]?.();
    expect(await asked()).toEqual(["Is tea safe?"]);
  });

  test("are not offered back where nothing but blanks was typed", async () => {
    settings.typed.value = " \n";
    await readSource(fileOf("Eggs?\n"));
    expect(settings.typed.value).toBe("");
    expect(toast).not.toHaveBeenCalled();
  });
});
