import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { keptRun } from "../../src/app/runs/keptRun";
import type { SavedList } from "../../src/app/runs/savedList";
import type { RunHeader } from "../../src/domain/run";
import type { RunHead, RunStore } from "../../src/storage/runStore";

interface Head extends RunHead {
  readonly n: number;
  readonly header: RunHeader;
}

const HEADER: RunHeader = { kind: "study", version: 1, options: {}, models: {} };

test.each([
  ["is named in the address", true],
  ["is not, where the page shows another study by then", false],
])("a run that is kept for the first time %s", async (_, shown) => {
  const setting = signal("");
  const request = { n: 1 };
  const run = keptRun<typeof request, Head, null, object, never>({
    owner: "studies",
    store: { save: async () => {} } as unknown as RunStore<Head, null, object>,
    saved: {} as SavedList<Head>,
    setting,
    contentOf: () => null,
    requestOf: () => (shown ? request : null),
    allRows: () => 1,
    make: async () => {},
  });
  await run.keep({ request, stored: null }, HEADER, { n: 1, content: "none" } as never);
  const id = run.open.value?.stored?.id;
  expect(id).toBeTruthy();
  expect(setting.value).toBe(shown ? id : "");
});
