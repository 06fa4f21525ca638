import { afterEach, expect, test, vi } from "vitest";
import { readRecorded, recorded } from "../../src/app/studies/judgeShown";
import { RecordingNote } from "../../src/app/studies/RecordingNote";
import { summariseJudge } from "../../src/experiments/studies/summariseJudge";
import { saidBy } from "../support/saidBy";

afterEach(() => vi.unstubAllGlobals());

const said = () => saidBy(RecordingNote({ recording: recorded.value, none: "None.", read: readRecorded }));

test("a recording that ships is on its way or did not come, not missing, and can be read again", async () => {
  expect(said()).toBe("Reading the recorded run…");
  vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("Failed to fetch")));
  await readRecorded();
  expect(said()).toMatch(
    /the recorded run of reward-model did not arrive .Failed to fetch.: try again.*Try again$/,
  );
  const run = { header: { kind: "study", version: 1, options: {}, models: {} }, summary: summariseJudge([]) };
  vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response(JSON.stringify(run))));
  await readRecorded();
  expect(recorded.value).toEqual({ kind: "there", run: JSON.parse(JSON.stringify(run)) });
});
