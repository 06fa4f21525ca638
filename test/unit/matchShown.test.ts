import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { matchLink } from "../../src/app/match/matchLink";
import { open, openRun } from "../../src/app/match/matchRun";
import {
  followOver,
  openRow,
  plotted,
  promptSets,
  result,
  secondJudge,
  shownRows,
  under,
  underResult,
} from "../../src/app/match/shown";
import { readSampling } from "../../src/app/sampling";
import { match as form, matchShown as settings } from "../../src/app/settings";
import { OWN_PROMPTS } from "../../src/data/ownPrompts";
import { formatTranscript } from "../../src/domain/dialogue";
import type { Row } from "../../src/domain/row";
import { summariseMatch } from "../../src/experiments/summariseMatch";
import { decodeFragment } from "../../src/storage/fragment";
import { matchRuns } from "../../src/storage/runs";
import { someRow } from "./fakes/row";
import { storedMatch } from "./fakes/storedMatch";

vi.mock("../../src/storage/runStore", () => ({ runStore: () => ({ read: vi.fn(), list: vi.fn() }) }));

const row = (index: number, helpful: number): Row => ({
  ...someRow(index),
  target: { helpful, harmless: 1 - helpful },
  actual: { helpful: helpful ** 2, harmless: 0.5 },
  heldout: { helpful: 1 - helpful, harmless: 0.25 },
});
const MINE = [row(0, 0.1), row(1, 0.3), row(2, 0.9), row(3, 0.95)];
const OTHER = [row(0, 0.5), row(1, 0.97)];
const ASKING = OWN_PROMPTS.find(({ probes }) => probes === "helpful")?.dialogue ?? [];
const OURS = [row(0, 0.2), row(1, 0.4)].map((one) => ({ ...one, prompt: formatTranscript(ASKING) }));
const SAVED = { a: MINE, b: OTHER, ours: OURS } as const;

let stop: () => void;
beforeAll(async () => {
  vi.mocked(matchRuns.read).mockImplementation(async (id) => {
    const rows = SAVED[id as keyof typeof SAVED];
    return rows ? { run: { ...storedMatch, id }, content: [], rows } : null;
  });
  stop = followOver();
  await openRun("a");
});
afterAll(() => stop());

beforeEach(() => {
  for (const setting of Object.values(settings)) setting.value = "";
});

describe("what a match shows", () => {
  test("is all of its rows, and their figures, until something is picked", () => {
    expect(shownRows.value).toEqual(MINE);
    expect(result.value).toEqual(summariseMatch(MINE, storedMatch.seed));
    expect(promptSets.value).toBe(false);
  });

  test("are the rows of a fifth of the targets, and the figures of those alone", () => {
    settings.targets.value = "helpful 4";
    expect(shownRows.value).toEqual(MINE.slice(2));
    expect(result.value?.helpful.n).toBe(2);
    settings.targets.value = "helpful 2";
    expect(result.value).toBeNull();
  });

  test("are not made anew for a row that is opened", () => {
    const before = [result.value, plotted.value];
    settings.row.value = plotted.value[0]?.id as string;
    expect(openRow.value).toEqual({ row: MINE[0], other: false });
    expect(result.value).toBe(before[0]);
    expect(plotted.value).toBe(before[1]);
  });

  test("are the second judge's rewards where they are picked; the open row keeps both", () => {
    expect(secondJudge.value).toBe(true);
    expect(result.value?.helpful.r).toBeGreaterThan(0.9);
    settings.judge.value = "second";
    expect(result.value?.helpful.r).toBeCloseTo(-1, 12);
    settings.row.value = plotted.value[1]?.id as string;
    expect(openRow.value).toEqual({ row: MINE[1], other: false });
  });

  test("is a second run under it, with the same filters", async () => {
    settings.over.value = "b";
    await expect.poll(() => under.value?.rows).toEqual(OTHER);
    expect(plotted.value.map(({ other }) => other)).toEqual([true, true, false, false, false, false]);
    settings.targets.value = "helpful 4";
    expect(plotted.value.map(({ row: { target } }) => target.helpful)).toEqual([0.97, 0.9, 0.95]);
    expect(underResult.value?.helpful.n).toBe(1);
    settings.row.value = plotted.value[0]?.id as string;
    expect(openRow.value).toEqual({ row: OTHER[1], other: true });
  });

  test("is all of a second run where only that one has prompt sets", async () => {
    settings.over.value = "ours";
    await expect.poll(() => under.value?.rows).toEqual(OURS);
    settings.prompts.value = "harmless";
    expect(plotted.value.filter(({ other }) => other)).toHaveLength(OURS.length);
  });

  test("is no run under it that is gone, nor itself", async () => {
    settings.over.value = "gone";
    await expect.poll(() => settings.over.value).toBe("");
    settings.over.value = "a";
    await expect.poll(() => vi.mocked(matchRuns.read).mock.lastCall).toEqual(["a"]);
    await Promise.resolve();
    expect(under.value).toBeNull();
  });
});

test("a link to a match has the settings that make its rows, whatever the form says now", () => {
  const opened = open.value as NonNullable<typeof open.value>;
  const sampling = { ...opened.request.sampling, temperature: 0.5, minP: 0.1, stop: ["\n\n"], guidance: 2 };
  form.seed.value = "7";
  const fragment = matchLink({ ...opened, request: { ...opened.request, targets: "high", sampling } });
  const defaults = Object.fromEntries(
    Object.entries(form).map(([key, { value }]) => [`match.${key}`, value]),
  );
  const { view, values } = decodeFragment(fragment, { ...defaults, "match.seed": "0" });
  expect(view).toBe("match");
  expect(fragment).toContain("policy.adapter=main"); // The manifest, which says that it is the default, is not read.
  expect(values).toMatchObject({
    "match.n": "10",
    "match.seed": "1",
    "match.targets": "high",
    "match.run": "a",
  });
  for (const [key, setting] of Object.entries(form)) setting.value = values[`match.${key}`] as string;
  expect(readSampling(form)).toEqual(sampling);
});
