import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import { RowDetail } from "../../src/app/match/RowDetail";
import type { Row } from "../../src/domain/row";
import { saidBy } from "../support/saidBy";
import { someRow } from "./fakes/row";

const said = (row: Row): string => saidBy(RowDetail({ row, active: signal("") }));

describe("an open row", () => {
  test("says prompt, completion, target and both rewards", () => {
    const text = said({ ...someRow(3), target: { helpful: 0.42, harmless: 0.9 } });
    expect(text).toContain("Row 3");
    expect(text).toContain("HumanEggs?");
    expect(text).toContain("Boil “them”.");
    expect(text).toContain("Helpful0.50 asked 0.42");
    expect(text).toContain("Harmless0.75 asked 0.90");
  });

  test("says what came where nothing was asked for", () => {
    expect(said({ ...someRow(0), target: {} })).toContain("Helpful0.50 not asked for");
    expect(said(someRow(0))).toContain("Harmless0.75 not asked for");
  });

  test("says which condition it is of, and what the prompt really asked for", () => {
    const prompted = "Eggs?\nHelpful reward: 0.31";
    const text = said({ ...someRow(0), condition: "in-range, shuffled", prompted });
    expect(text).toContain("in-range, shuffled, seed 1");
    expect(text).toContain(prompted);
  });
});
