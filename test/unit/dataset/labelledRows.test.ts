import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { files, overview, worker } from "../../../src/app/dataset/datasetFile";
import { LabelledRows } from "../../../src/app/dataset/LabelledRows";
import { followLabels, labelledRows } from "../../../src/app/dataset/labelledRows";
import { batchesLabelled } from "../../../src/app/dataset/labelRun";
import type { Overview } from "../../../src/experiments/dataset/session";
import type { DatasetFiles } from "../../../src/storage/datasets";
import { saidBy } from "../../support/saidBy";

vi.mock("preact/hooks", async (original) => ({ ...(await original<object>()), useId: () => "id" }));
vi.mock("../../../src/app/dataset/RewardHistogram", () => ({ RewardHistogram: () => null }));

const fileOf = (name: string): DatasetFiles => ({
  data: { name, content: new Blob() },
  testPrompts: null,
});
const overviewOf = (labelled: number) => ({ labelled, selected: 9 }) as Overview;

const answers = vi.spyOn(worker, "overview");
vi.spyOn(worker, "bins").mockResolvedValue({ helpful: [], harmless: [] });
vi.spyOn(worker, "preview").mockResolvedValue([]);

const asked = (times: number) => vi.waitFor(() => expect(answers).toHaveBeenCalledTimes(times));
let stop = () => {};

beforeEach(() => {
  answers.mockReset().mockResolvedValue(overviewOf(3));
  overview.value = null;
  labelledRows.value = null;
  files.value = fileOf("first.jsonl");
  stop = followLabels();
});
afterEach(() => stop());

test("rows of one file do not stand under the count of another", async () => {
  await vi.waitFor(() => expect(labelledRows.value).not.toBeNull());
  expect(saidBy(LabelledRows())).toMatch(/^Rewards of 3 completions/);
  files.value = fileOf("second.jsonl");
  overview.value = overviewOf(5);
  expect(saidBy(LabelledRows())).toMatch(/^Turn questions and answers/);
});

test("an answer about a file from before is not shown", async () => {
  let answer = (_: Overview) => {};
  answers.mockReturnValueOnce(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  await asked(1);
  files.value = fileOf("second.jsonl");
  const shown: unknown[] = [];
  const unsubscribe = overview.subscribe((found) => shown.push(found?.labelled));
  answer(overviewOf(7));
  await vi.waitFor(() => expect(overview.value).not.toBeNull());
  unsubscribe();
  expect(shown).toEqual([undefined, 3]);
});

test("nothing is read any more once nobody follows, also where an answer was awaited", async () => {
  let answer = (_: Overview) => {};
  answers.mockReturnValueOnce(
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  await asked(1);
  stop();
  files.value = fileOf("second.jsonl");
  batchesLabelled.value++;
  answer(overviewOf(7));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answers).toHaveBeenCalledTimes(1);
});
