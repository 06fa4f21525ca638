import { beforeEach, expect, test, vi } from "vitest";
import { engine } from "../../src/app/engine/engine";
import { studies as settings } from "../../src/app/settings";
import {
  chooseFile,
  closeJudgeRun,
  files,
  followJudgeRun,
  goOn,
  open,
  openJudgeRun,
  pairs,
  reading,
  refused,
  skipMalformed,
  start,
  state,
  stop,
} from "../../src/app/studies/judgeRun";
import { followJudgeOver, recorded, under } from "../../src/app/studies/judgeShown";
import { RECORDED } from "../../src/app/studies/shown";
import { surveyPairs, tryAskedPairs } from "../../src/experiments/studies/askedPairs";
import type { JudgedPair } from "../../src/experiments/studies/judgePairs";
import { summariseJudge } from "../../src/experiments/studies/summariseJudge";
import type { PairsFile } from "../../src/runtimes/local/readerApi";
import { textChunks } from "../../src/storage/textChunks";
import { fakeJudge } from "./fakes/models";

/** What the browser would keep. */
const kept = vi.hoisted(() => ({ runs: new Map<string, unknown[]>(), rows: new Map<string, unknown[]>() }));

vi.mock("../../src/storage/runStore", () => ({
  purgeRuns: async () => {},
  runStore: () => ({
    list: async () => [],
    save: async (run: { id: string }, content: unknown) => void kept.runs.set(run.id, [run, content]),
    saveRows: async (id: string, rows: unknown[]) =>
      void kept.rows.set(id, [...(kept.rows.get(id) ?? []), ...rows]),
    read: async (id: string) => {
      const [run, content] = kept.runs.get(id) ?? [];
      return run ? { run, content, rows: kept.rows.get(id) ?? [] } : null;
    },
  }),
}));
vi.mock("../../src/runtimes/local/workerReader", () => {
  const linesOf = ({ content, axis }: PairsFile) => tryAskedPairs(textChunks(content), axis);
  return {
    surveyPairs: (file: PairsFile) => surveyPairs(linesOf(file)),
    async *walkPairs(files: readonly PairsFile[]) {
      for (const file of files) for await (const line of linesOf(file)) if ("pair" in line) yield line;
    },
  };
});

const line = (index: number) =>
  JSON.stringify({ prompt: `Question ${index}?`, chosen: `0.${index} 0.5`, rejected: "0.3 0.2" });
const file = new File([[...Array(60).keys()].map(line).join("\n"), "\n{}\n"], "pairs.jsonl");

/** A judge that does something before it scores, told how many calls there were. */
function judgeThat(does: (calls: number) => void = () => {}) {
  const judge = fakeJudge();
  let calls = 0;
  return {
    ...judge,
    models: { "judge.onnx": "ab" },
    score: (...asked: Parameters<typeof judge.score>) => {
      does(++calls);
      return judge.score(...asked);
    },
  } as never;
}

async function scored(stopsAfter = Infinity): Promise<void> {
  vi.spyOn(engine, "loadJudge").mockResolvedValue(judgeThat((calls) => calls > stopsAfter && stop()));
  await start();
}

beforeEach(async () => {
  vi.spyOn(engine, "loadHeldout").mockResolvedValue(null);
  settings.name.value = "reward-model";
  closeJudgeRun();
  await chooseFile("helpful", file);
});

test("a line that holds no pair is named, and left out only if the user says so", async () => {
  await scored();
  expect(refused.value).toMatchObject({
    message: 'pairs.jsonl, line 61: "completion" is missing',
  });
  expect(open.value).toBeNull();
  skipMalformed.value = true;
  await scored();
  expect(refused.value).toBeNull();
  expect(pairs.value).toHaveLength(60);
  expect(state.value.kind).toBe("done");
});

/** A file whose text comes only when it is let go; `asked` resolves once somebody reads it. */
function slowFile(name: string, text: string) {
  const slow = new File([text], name);
  const whole = slow.stream.bind(slow);
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
  const asked = new Promise<void>((resolve) => {
    slow.stream = () => {
      resolve();
      return readable;
    };
  });
  return { slow, asked, letGo: () => void whole().pipeTo(writable) };
}

test("a file chosen by mistake that is read slowly takes no place of the one chosen after it", async () => {
  const { slow, asked, letGo } = slowFile("mistake.jsonl", line(1));
  const first = chooseFile("helpful", slow);
  await asked;
  expect(reading.value).toBe("mistake.jsonl");
  await chooseFile("helpful", new File([line(2), "\n", line(3)], "meant.jsonl"));
  expect(reading.value).toBeNull();
  letGo();
  await first;
  expect(files.value.helpful?.file.name).toBe("meant.jsonl");
  expect(files.value.helpful?.survey.count).toBe(2);
});

test("what is wrong with a file that another one replaced is not told", async () => {
  const { slow, asked, letGo } = slowFile("mistake.jsonl", "");
  const first = chooseFile("helpful", slow);
  await asked;
  await chooseFile("helpful", file);
  letGo();
  await first;
  expect(refused.value).toBeNull();
});

test("a run that was stopped is opened again after a reload, and ends with the pairs of one at once", async () => {
  skipMalformed.value = true;
  await scored();
  const whole: readonly JudgedPair[] = pairs.value;
  await scored(1);
  expect(state.value.kind).toBe("stopped");
  const id = open.value?.stored?.id as string;
  expect(pairs.value).toHaveLength(16);
  closeJudgeRun();
  expect(pairs.value).toEqual([]);
  await openJudgeRun(id);
  expect(pairs.value).toEqual(whole.slice(0, 16));
  expect(state.value.kind).toBe("stopped");
  vi.spyOn(engine, "loadJudge").mockResolvedValue(judgeThat());
  await goOn();
  expect(pairs.value).toEqual(whole);
  expect(kept.rows.get(id)).toEqual(whole);
  await openJudgeRun(id);
  expect(state.value.kind).toBe("done");
});

test("a run is not gone on with by another judge", async () => {
  skipMalformed.value = true;
  await scored(1);
  vi.spyOn(engine, "loadJudge").mockResolvedValue({
    ...fakeJudge(),
    models: { "judge.onnx": "cd" },
  } as never);
  await goOn();
  expect(state.value).toMatchObject({
    kind: "failed",
    error: {
      message: expect.stringMatching(
        /^not the same run: judge.onnx was "ab" and is "cd"; .* start a new one$/,
      ),
    },
  });
});

test("the run that the address names is shown, whenever that is another one", async () => {
  skipMalformed.value = true;
  await scored();
  const first = open.value?.stored?.id as string;
  await scored();
  const second = open.value?.stored?.id as string;
  const end = followJudgeRun();
  settings.run.value = first;
  await expect.poll(() => open.value?.stored?.id).toBe(first);
  settings.run.value = second;
  await expect.poll(() => open.value?.stored?.id).toBe(second);
  end();
});

test("a page that is opened again shows and names the run that goes on, and not one that has ended", async () => {
  skipMalformed.value = true;
  const named: string[] = [];
  const comeBack = () => {
    settings.run.value = "";
    followJudgeRun()();
    named.push(settings.run.value);
  };
  vi.spyOn(engine, "loadJudge").mockResolvedValue(judgeThat((calls) => calls === 2 && comeBack()));
  await start();
  expect(named).toEqual([open.value?.stored?.id]);
  comeBack();
  expect(open.value).toBeNull();
  expect(named[1]).toBe("");
});

test("a page that is left for a study keeps the runs that the address names for it", async () => {
  const leave = [followJudgeRun(), followJudgeOver()];
  settings.name.value = "both-max";
  settings.run.value = "of a study";
  settings.over.value = "another of it";
  await new Promise((resolve) => setTimeout(resolve));
  expect([settings.run.value, settings.over.value]).toEqual(["of a study", "another of it"]);
  for (const end of leave) end();
  settings.over.value = "";
});

test("a run that starts closes the pair that was open of another one", async () => {
  skipMalformed.value = true;
  settings.row.value = "helpful 3";
  await scored();
  expect(settings.row.value).toBe("");
});

test("a run is compared with the recorded one or with another one, not with itself", async () => {
  const header = { kind: "study", version: 1, options: {}, models: {} } as const;
  const shipped = { header, summary: summariseJudge([]) };
  recorded.value = { kind: "there", run: shipped };
  settings.over.value = RECORDED;
  expect(under.value).toBeNull();
  skipMalformed.value = true;
  await scored();
  const first = open.value?.stored?.id as string;
  expect(under.value).toBe(shipped);
  const end = followJudgeOver();
  settings.over.value = first;
  await scored();
  await expect.poll(() => under.value?.summary.pairs.helpful.n).toBe(60);
  expect(under.value?.header.models).toEqual({ "judge.onnx": "ab" });
  await openJudgeRun(first);
  expect(under.value).toBeNull();
  end();
  settings.over.value = "";
});
