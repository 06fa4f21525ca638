import { beforeAll, expect, test } from "vitest";
import { savedList } from "../../src/app/runs/savedList";
import type { RunEntry, RunHead } from "../../src/storage/runStore";

type Entries = RunEntry<RunHead>[];

const entriesOf = (list: string): Entries => [{ run: { id: list, createdAt: 0, content: "" }, rows: 0 }];

interface Reading {
  readonly list: string;
  readonly resolve: (entries: Entries) => void;
  readonly reject: (reason: string) => void;
}

/** A saved list, and its readings in the order in which they began. */
function withReadings() {
  const readings: Reading[] = [];
  const saved = savedList({
    list: (list) => new Promise<Entries>((resolve, reject) => readings.push({ list, resolve, reject })),
  });
  const begun = (n: number) => expect.poll(() => readings.length).toBe(n);
  return { saved, readings, begun };
}

// The first list shown in a visit waits until deleted runs are gone.
beforeAll(() => savedList({ list: async () => [] }).show(""));

test("of two lists shown one after the other the last one stays, however late the first comes", async () => {
  const { saved, readings, begun } = withReadings();
  const both = Promise.all([saved.show("older"), saved.show("newer")]);
  await begun(2);
  expect(readings.map(({ list }) => list)).toEqual(["older", "newer"]);
  readings[1]?.resolve(entriesOf("newer"));
  readings[0]?.resolve(entriesOf("older"));
  await both;
  expect(saved.entries.value).toEqual(entriesOf("newer"));
});

test("what is in one list is not shown for another one that cannot be read", async () => {
  const { saved, readings, begun } = withReadings();
  const older = saved.show("older");
  await begun(1);
  readings[0]?.resolve(entriesOf("older"));
  await older;
  const newer = saved.show("newer");
  await begun(2);
  readings[1]?.reject("the reason");
  await newer;
  expect(saved.error.value).toBe("the reason");
  expect(saved.entries.value).toEqual([]);
});

test("the list shown is read again, though it was another one's run that ended", async () => {
  const { saved, readings, begun } = withReadings();
  const shown = saved.show("newer");
  await begun(1);
  readings[0]?.resolve(entriesOf("newer"));
  await shown;
  void saved.refresh();
  await begun(2);
  expect(readings[1]?.list).toBe("newer");
});

test("a reading that failed is told, unless a later one is on its way", async () => {
  const { saved, readings, begun } = withReadings();
  const both = Promise.all([saved.show("older"), saved.show("newer")]);
  await begun(2);
  readings[1]?.reject("the later reason");
  readings[0]?.reject("the earlier reason");
  await both;
  expect(saved.error.value).toBe("the later reason");
});
