import { afterEach, describe, expect, test } from "vitest";
import { addTurns, dialogue, fitsEditor, removeTurn, setTurns, turns } from "../../src/app/play/turns";
import { play } from "../../src/app/settings";
import { parseTranscript, question } from "../../src/domain/dialogue";

const initial = play.dialogue.value;
afterEach(() => {
  play.dialogue.value = initial;
});

describe("the dialogue editor", () => {
  test.each([
    ["\n\nHuman: Eggs?", true],
    ["\n\nHuman: Eggs?\n\nAssistant: Boiled?\n\nHuman: Yes.", true],
    ["\n\nHuman: Eggs?\n\nHuman: Soft ones.", false],
    ["\n\nHuman: Eggs?\n\nHuman: Soft.\n\nHuman: Please.", false],
    ["\n\nAssistant: Hello.\n\nHuman: Eggs?", false],
  ])("can hold %j: %s", (transcript, fits) => {
    expect(fitsEditor(parseTranscript(transcript))).toBe(fits);
  });

  test("gives back the turns of a dialogue that it can hold", () => {
    const said = parseTranscript("\n\nHuman: Eggs?\n\nAssistant: Boiled?\n\nHuman: Yes.");
    setTurns(said.map(({ text }) => text));
    expect(dialogue.value).toEqual(said);
  });

  test("takes a question written into the address by hand", () => {
    play.dialogue.value = "What is [1, 2]?";
    expect(dialogue.value).toEqual(question("What is [1, 2]?"));
  });

  test("adds and removes a reply together with a question", () => {
    setTurns(["Eggs?"]);
    addTurns("Boiled?");
    expect(turns.value).toEqual(["Eggs?", "Boiled?", ""]);
    removeTurn(0);
    expect(turns.value).toEqual([""]);
  });

  test.each([
    [0, ["Q2", "A2", "Q3"]],
    [2, ["Q1", "A1", "Q3"]],
    [4, ["Q1", "A1", "Q2"]],
  ])("leaves each question its own reply where turn %s is removed", (index, left) => {
    setTurns(["Q1", "A1", "Q2", "A2", "Q3"]);
    removeTurn(index);
    expect(turns.value).toEqual(left);
  });
});
