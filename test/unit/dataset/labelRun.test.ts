import { afterEach, expect, test, vi } from "vitest";
import { overview, worker } from "../../../src/app/dataset/datasetFile";
import { startLabelling, state } from "../../../src/app/dataset/labelRun";
import { engine } from "../../../src/app/engine/engine";
import { question } from "../../../src/domain/dialogue";
import { DialError } from "../../../src/domain/errors";
import type { Overview } from "../../../src/experiments/dataset/session";
import { fakeJudge } from "../fakes/models";

const example = (key: number) => ({
  line: 1,
  key,
  opening: 1,
  prompt: question("Eggs?"),
  completion: "0 0",
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("a completion is counted once, also where an overview counts it before its label is kept", async () => {
  const overviewOf = (labelled: number) => ({ labelled, selected: 5 }) as Overview;
  overview.value = overviewOf(1);
  vi.spyOn(engine, "loadJudge").mockResolvedValue({ ...fakeJudge(), models: {} } as never);
  vi.spyOn(worker, "checkJudge").mockResolvedValue();
  vi.spyOn(worker, "unlabelled").mockImplementation(async function* () {
    yield [example(1), example(2)];
    yield [example(3), example(4)];
  });
  vi.spyOn(worker, "keep")
    .mockResolvedValue()
    .mockImplementationOnce(async ({ keys }) => {
      overview.value = overviewOf(1 + keys.length);
    });
  const counts: unknown[] = [];
  overview.subscribe((found) => counts.push(found?.labelled));
  await startLabelling();
  expect(state.value).toEqual({ kind: "idle" });
  expect(counts).toEqual([1, 3, 3, 5]);
});

test.each([
  ["while it loads, which is a stop", "load", { kind: "idle" }],
  ["at its work, which is told", "work", { kind: "failed", error: { code: "worker-died" } }],
])("the judge is ended %s", async (_, when, expected) => {
  const aborted = new DialError("aborted", "stopped", true);
  const judge = { ...fakeJudge(), models: {}, score: async () => Promise.reject(aborted) };
  const load = vi.spyOn(engine, "loadJudge");
  if (when === "load") load.mockRejectedValue(aborted);
  else load.mockResolvedValue(judge as never);
  vi.spyOn(worker, "checkJudge").mockResolvedValue();
  vi.spyOn(worker, "unlabelled").mockImplementation(async function* () {
    yield [example(1)];
  });
  await startLabelling();
  expect(state.value).toMatchObject(expected);
});
