import { beforeEach, describe, expect, test, vi } from "vitest";
import { OWN, readSource, takeOwn } from "../../src/app/match/promptSource";
import { forgetLink, linkedSource, linkNeeds } from "../../src/app/runs/linkedFiles";
import { dropOwnTargets, readOwnTargets } from "../../src/app/runs/ownTargets";
import { linked, prompts } from "../../src/app/settings";
import { tryPrompts } from "../../src/domain/dataLines";
import { readTargets } from "../../src/domain/targetLines";
import { surveyPrompts } from "../../src/experiments/runPrompts";
import { textChunks } from "../../src/storage/textChunks";

vi.mock("../../src/runtimes/local/workerReader", () => ({
  surveyPrompts: (content: Blob) => surveyPrompts(tryPrompts(textChunks(content))),
  readTargets: (content: Blob, most: number) => readTargets(textChunks(content), most),
}));

const NOTHING = { missing: [], foreign: [] };

const open = (link: Readonly<Record<string, string>>): void => {
  linked.prompts.value = link["linked.prompts"] ?? "";
  linked.targets.value = link["linked.targets"] ?? "";
};

beforeEach(() => {
  takeOwn();
  dropOwnTargets();
  forgetLink();
});

describe("a link to a run", () => {
  test("needs no file where the prompts are our own, or typed", () => {
    open(linkedSource({ source: OWN.name }, []));
    expect(linkNeeds(true)).toEqual(NOTHING);
    open(linkedSource({ source: "typed", typed: "Eggs?" }, []));
    expect(linkNeeds(true)).toEqual(NOTHING);
  });

  test("names the files that it cannot carry, until they are loaded", async () => {
    open(linkedSource({ source: "mine.jsonl" }, [{ helpful: 0.5 }]));
    const missing = ["its prompts, mine.jsonl,", "its CSV of 1 target"];
    expect(linkNeeds(true)).toEqual({ missing, foreign: [] });
    prompts.typed.value = "Eggs?";
    expect(linkNeeds(true)).toEqual({ missing, foreign: [] });
    prompts.typed.value = "";
    await readSource(new File(["Eggs?\n"], "mine.jsonl"));
    await readOwnTargets(new File(["0.5,\n"], "mine.csv"));
    expect(linkNeeds(true)).toEqual(NOTHING);
  });

  test("needs as many targets as its run had", async () => {
    open(linkedSource({ source: OWN.name }, [{ helpful: 0.5 }, { helpful: 0.7 }]));
    const missing = ["its CSV of 2 targets"];
    await readOwnTargets(new File(["0.5,\n"], "one.csv"));
    expect(linkNeeds(true)).toEqual({ missing, foreign: [] });
    await readOwnTargets(new File(["0.5,\n0.7,\n"], "two.csv"));
    expect(linkNeeds(true)).toEqual(NOTHING);
  });

  test("of our own set asks to put away what would take its place", async () => {
    open(linkedSource({ source: OWN.name }, []));
    await readSource(new File(["Eggs?\n"], "other.txt"));
    await readOwnTargets(new File(["0.5,\n"], "mine.csv"));
    const targets = "the targets of mine.csv";
    expect(linkNeeds(true)).toEqual({ missing: [], foreign: ["the prompts of other.txt", targets] });
    // A study of one prompt takes none of a file.
    expect(linkNeeds(false)).toEqual({ missing: [], foreign: [targets] });
  });

  test("carries the prompts that were typed for its run, not those that are typed now", () => {
    prompts.typed.value = "Snow?";
    expect(linkedSource({ source: "typed", typed: "Eggs?" }, [])["prompts.typed"]).toBe("Eggs?");
    expect(linkedSource({ source: "mine.jsonl" }, [])["prompts.typed"]).toBe("");
  });

  test("is forgotten with the next run", () => {
    open(linkedSource({ source: "mine.jsonl" }, []));
    forgetLink();
    expect(linkNeeds(true)).toEqual(NOTHING);
  });
});
