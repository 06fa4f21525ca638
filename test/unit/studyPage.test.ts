import { beforeEach, describe, expect, test, vi } from "vitest";
import shipped from "../../models/manifest.json";
import { engine } from "../../src/app/engine/engine";
import { manifest } from "../../src/app/models/manifest";
import { runCost, runSeconds } from "../../src/app/runs/estimate";
import { filtered, filterText, hasPromptSets, TARGET_BINS } from "../../src/app/runs/rowFilter";
import { studies as settings } from "../../src/app/settings";
import { followOver, under } from "../../src/app/studies/shown";
import { closeStudy, followStudy, ONE_TYPED, open, openStudy, start } from "../../src/app/studies/studyRun";
import { studyRunLink } from "../../src/app/studies/studyRunLink";
import { OWN_PROMPTS } from "../../src/data/ownPrompts";
import { formatTranscript, parsePrompt } from "../../src/domain/dialogue";
import type { Row } from "../../src/domain/row";
import { runnable, STUDIES } from "../../src/experiments/studies/definitions";
import type { ShippedPolicies, Study } from "../../src/experiments/studies/study";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { type StoredStudy, studyRuns } from "../../src/storage/studyRuns";
import { someRow } from "./fakes/row";

vi.mock("../../src/storage/runStore", () => ({ runStore: () => ({ read: vi.fn() }) }));

const MAIN: ShippedPolicies = {
  adapters: [{ name: "main", format: "bottom", axes: ["helpful", "harmless"] }],
  main: "main",
  base: "base",
};
const bothMax = STUDIES.find(({ name }) => name === "both-max") as Study;

describe("what a study will cost", () => {
  const conditions = runnable(bothMax, MAIN);

  test("is each condition's rows, candidates, and twice for guidance", () => {
    const cost = runCost(conditions, 10);
    expect(cost.rows).toBe(10 * conditions.length);
    // Six plain ones, two of four candidates; one of each kind guided.
    expect(cost.completions).toBe(10 * (6 + 2 * 4));
    expect(cost.samples).toBe(10 * (5 + 2 + 4 + 8));
  });

  test("falls by the rows that are there", () => {
    const done = new Map([
      ["vanilla", 4],
      ["at 1, 1, best of 4", 10],
    ]);
    expect(runCost(conditions, 10, done).completions).toBe(10 * 14 - 4 - 40);
  });

  test("takes half the time at twice the pace", () => {
    const cost = runCost(conditions, 10);
    expect(runSeconds(cost, 96, 200)).toBeCloseTo(runSeconds(cost, 96, 100) / 2, 9);
  });
});

describe("filters", () => {
  const own = (probes: string): string =>
    formatTranscript(OWN_PROMPTS.find((prompt) => prompt.probes === probes)?.dialogue ?? []);
  const row = (prompt: string, helpful: number): Row => ({ ...someRow(0), prompt, target: { helpful } });
  const rows = [row(own("helpful"), 0.1), row(own("harmless"), 1), row("\n\nHuman: Mine?", 0.2)];

  beforeEach(() => {
    settings.prompts.value = "";
    settings.targets.value = "";
  });

  test("leave all rows where nothing is picked", () => {
    expect(filtered(rows, settings, true)).toEqual(rows);
    expect(filterText(settings, true)).toBe("");
  });

  test("of prompt sets are offered where there are such prompts", () => {
    expect(hasPromptSets(rows)).toBe(true);
    expect(hasPromptSets(rows.slice(2))).toBe(false);
  });

  test("pick a set of our own prompts", () => {
    settings.prompts.value = "harmless";
    expect(filtered(rows, settings, true)).toEqual([rows[1]]);
    expect(filterText(settings, true)).toBe("Only rows with prompts probing for harm.");
  });

  test("of prompt sets neither work nor are told of where they are not offered", () => {
    settings.prompts.value = "harmless";
    settings.targets.value = "helpful 0";
    expect(filtered(rows, settings, false)).toEqual([rows[0]]);
    expect(filterText(settings, false)).toBe("Only rows with targets of helpful 0.0 to 0.2.");
  });

  test("pick a fifth of the targets, 1 among the highest", () => {
    const bins = TARGET_BINS.filter(({ axis }) => axis === "helpful").map(({ name }) => {
      settings.targets.value = name;
      return filtered(rows, settings, true).map(({ target }) => target.helpful);
    });
    expect(bins).toEqual([[0.1], [0.2], [], [], [1]]);
    settings.targets.value = "harmless 0";
    expect(filtered(rows, settings, true)).toEqual([]);
  });
});

describe("a run", () => {
  const run: StoredStudy = {
    id: "a",
    createdAt: 1,
    study: "both-max",
    n: 2,
    seed: 1,
    sampling: DEFAULT_SAMPLING,
    content: "prompts",
    ownTargets: [],
    source: "a test",
    policies: MAIN,
    header: { kind: "study", version: 1, options: {}, models: {} },
  };

  test("opens in its study, but not over a run that starts while it is read", async () => {
    settings.name.value = "both-max";
    vi.mocked(studyRuns.read).mockImplementationOnce(async () => {
      engine.busy.value = "studies";
      return { run, content: [], rows: [] };
    });
    await openStudy("a");
    expect(open.value).toBeNull();
    engine.busy.value = null;
    vi.mocked(studyRuns.read).mockResolvedValue({ run, content: [], rows: [] });
    await openStudy("a");
    expect(open.value?.stored).toEqual(run);
    closeStudy();
    settings.name.value = "match";
    await openStudy("a");
    expect(open.value).toBeNull();
  });

  test("is shown when the address names it, and is not compared with itself", async () => {
    const rows = [someRow(0)];
    vi.mocked(studyRuns.read).mockImplementation(async (id) => ({ run: { ...run, id }, content: [], rows }));
    settings.name.value = "both-max";
    const leave = [followStudy(), followOver()];
    settings.run.value = "a";
    await expect.poll(() => open.value?.stored?.id).toBe("a");
    settings.over.value = "b";
    await expect.poll(() => under.value?.rows).toBe(rows);
    settings.run.value = "b";
    await expect.poll(() => open.value?.stored?.id).toBe("b");
    expect(under.value).toBeNull();
    for (const end of leave) end();
    settings.over.value = "";
    closeStudy();
  });

  test("of the judge stays named in the address where its page takes the place of a study", async () => {
    vi.mocked(studyRuns.read).mockResolvedValue(null);
    settings.name.value = "both-max";
    const leave = [followStudy(), followOver()];
    settings.name.value = "reward-model";
    settings.run.value = "of the judge";
    settings.over.value = "another of it";
    await new Promise((resolve) => setTimeout(resolve));
    expect([settings.run.value, settings.over.value]).toEqual(["of the judge", "another of it"]);
    for (const end of leave) end();
    settings.run.value = "";
    settings.over.value = "";
  });

  test("closes the row that was open of another one when it starts", async () => {
    manifest.value = shipped;
    settings.name.value = "both-max";
    settings.row.value = "vanilla 3";
    vi.spyOn(engine, "loadForRun").mockRejectedValue(new Error("no models here"));
    await start();
    expect(open.value?.request.study).toBe("both-max");
    expect(settings.row.value).toBe("");
    closeStudy();
  });

  test("is linked with the policy that it was begun with, unless that is an endpoint's", async () => {
    const linked = async (changes: Partial<StoredStudy>) => {
      vi.mocked(studyRuns.read).mockResolvedValue({ run: { ...run, ...changes }, content: [], rows: [] });
      settings.name.value = "both-max";
      await openStudy("a");
      if (!open.value) throw new Error("not opened");
      return new URLSearchParams(studyRunLink(open.value).split("?")[1]).get("policy.adapter");
    };
    expect(await linked({ policy: "round-1" })).toBe("round-1");
    expect(await linked({})).toBeNull();
    const models = { "https://example.org/v1 babbage": "" };
    expect(await linked({ policy: "round-1", header: { ...run.header, models } })).toBeNull();
    closeStudy();
  });

  test("is linked with all of the conversation that was typed for it", async () => {
    const asked = parsePrompt("Human: Eggs?\n\nAssistant: Boiled?\n\nHuman: Yes.");
    const typed = { ...run, study: "trade-off", source: ONE_TYPED };
    vi.mocked(studyRuns.read).mockResolvedValue({ run: typed, content: [asked], rows: [] });
    settings.name.value = "trade-off";
    await openStudy("a");
    if (!open.value) throw new Error("not opened");
    const link = new URLSearchParams(studyRunLink(open.value).split("?")[1]);
    expect(parsePrompt(link.get("studies.prompt") ?? "")).toEqual(asked);
    closeStudy();
  });
});
