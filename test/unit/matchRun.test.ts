import { expect, test, vi } from "vitest";
import { engine } from "../../src/app/engine/engine";
import { elsewhere, open, openRun, rows, state } from "../../src/app/match/matchRun";
import { matchRuns } from "../../src/storage/runs";
import { someRow } from "./fakes/row";
import { storedMatch } from "./fakes/storedMatch";

vi.mock("../../src/storage/runStore", () => ({ runStore: () => ({ read: vi.fn() }) }));

const found = { run: storedMatch, content: [], rows: [someRow(0)] };

test("a saved run opens, but not over a match that starts while it is read", async () => {
  vi.mocked(matchRuns.read).mockImplementationOnce(async () => {
    engine.busy.value = "match";
    return found;
  });
  await openRun("a");
  expect(open.value).toBeNull();
  engine.busy.value = null;
  vi.mocked(matchRuns.read).mockResolvedValueOnce(found);
  await openRun("a");
  expect(open.value?.stored).toEqual(storedMatch);
  expect(rows.value).toEqual(found.rows);
  expect(state.value).toEqual({ kind: "stopped" });
});

test("a run that is not in this browser is told in place of the one shown, until another one is", async () => {
  vi.mocked(matchRuns.read).mockResolvedValueOnce(found);
  await openRun("a");
  vi.mocked(matchRuns.read).mockResolvedValueOnce(null);
  await openRun("of another browser");
  expect(elsewhere.value).toBe(true);
  expect([open.value, rows.value]).toEqual([null, []]);
  vi.mocked(matchRuns.read).mockResolvedValueOnce(found);
  await openRun("a");
  expect(elsewhere.value).toBe(false);
});
