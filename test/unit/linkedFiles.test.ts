import { beforeEach, describe, expect, test, vi } from "vitest";
import { OWN, takeOwn } from "../../src/app/match/promptSource";
import { forgetLink, linkedSource, missingFiles } from "../../src/app/runs/linkedFiles";
import { dropOwnTargets, readOwnTargets } from "../../src/app/runs/ownTargets";
import { linked, prompts } from "../../src/app/settings";
import { readTargets } from "../../src/domain/targetLines";
import { textChunks } from "../../src/storage/textChunks";

vi.mock("../../src/runtimes/local/workerReader", () => ({
  readTargets: (content: Blob, most: number) => readTargets(textChunks(content), most),
}));

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
    expect(missingFiles.value).toEqual([]);
    open(linkedSource({ source: "typed", typed: "Eggs?" }, []));
    expect(missingFiles.value).toEqual([]);
  });

  test("names the files that it cannot carry, until they are loaded", async () => {
    open(linkedSource({ source: "mine.jsonl" }, [{ helpful: 0.5 }]));
    expect(missingFiles.value).toEqual(["its prompts, mine.jsonl,", "its CSV of 1 target"]);
    prompts.typed.value = "Eggs?";
    await readOwnTargets(new File(["0.5,\n"], "mine.csv"));
    expect(missingFiles.value).toEqual([]);
  });

  test("carries the prompts that were typed for its run, not those that are typed now", () => {
    prompts.typed.value = "Snow?";
    expect(linkedSource({ source: "typed", typed: "Eggs?" }, [])["prompts.typed"]).toBe("Eggs?");
    expect(linkedSource({ source: "mine.jsonl" }, [])["prompts.typed"]).toBe("");
  });

  test("is forgotten with the next run", () => {
    open(linkedSource({ source: "mine.jsonl" }, []));
    forgetLink();
    expect(missingFiles.value).toEqual([]);
  });
});
