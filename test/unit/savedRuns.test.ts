import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { SavedRuns } from "../../src/app/runs/SavedRuns";
import type { RunEntry, RunHead } from "../../src/storage/runStore";
import { saidBy } from "../support/saidBy";

vi.mock("preact/hooks", () => ({ useId: () => "id" }));

const run: RunHead = { id: "a", createdAt: 0, content: "none" };

test("a list that could not be read once more stays, with the reason above it and a way to read it", () => {
  const entries = signal<readonly RunEntry<RunHead>[]>([{ run, rows: 2 }]);
  const error = signal<unknown>(new Error("the disk is gone"));
  const said = () =>
    saidBy(
      SavedRuns({
        title: "Saved runs",
        saved: { entries, error, show: async () => {}, refresh: async () => {} },
        running: false,
        shown: undefined,
        nameOf: () => "uniform, seed 1",
        rowsOf: () => 2,
        unit: "row",
        open: async () => {},
        close: () => {},
      }),
    );
  expect(said()).toMatch(/the disk is gone.*Try again.*Saved runs.*uniform, seed 1/);
  error.value = null;
  expect(said()).toMatch(/^Saved runs/);
  entries.value = [];
  expect(said()).toBe("");
});
