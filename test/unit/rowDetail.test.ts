import { signal } from "@preact/signals";
import { describe, expect, test } from "vitest";
import shipped from "../../models/manifest.json";
import { RowDetail } from "../../src/app/match/RowDetail";
import { manifest } from "../../src/app/models/manifest";
import { plottedRows, pointName } from "../../src/app/plots/plottedRow";
import { policy } from "../../src/app/settings";
import type { Row } from "../../src/domain/row";
import { buttonOf } from "../support/buttonOf";
import { saidBy } from "../support/saidBy";
import { someRow } from "./fakes/row";

const said = (row: Row, other = false): string => saidBy(RowDetail({ row, other, active: signal("") }));

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

  test("opens in Play where it asks for all that Play's dials do, and else says why it does not", () => {
    const opens = (row: Row, reason: string) => {
      const view = RowDetail({ row, other: false, active: signal("") });
      expect(saidBy(view).includes("Play cannot open this row"), reason).toBe(reason !== "");
      expect(saidBy(view)).toContain(reason);
      return buttonOf(view, "Open in Play")?.disabled === false;
    };
    const both = { helpful: 0.42, harmless: 0 };
    expect(opens({ ...someRow(0), target: both }, "")).toBe(true);
    expect(opens(someRow(0), "it asks for no harmless reward, and a dial always asks for one")).toBe(false);
    expect(opens({ ...someRow(0), target: {} }, "no helpful and no harmless reward")).toBe(false);
    manifest.value = shipped;
    policy.adapter.value = "helpful-only";
    expect(opens(someRow(0), "")).toBe(true);
    manifest.value = null;
    policy.adapter.value = "";
  });

  test("says that it is of the run compared with", () => {
    expect(said(someRow(3))).not.toContain("compared with");
    expect(said(someRow(3), true)).toContain("Row 3run compared with, seed 1");
    expect(plottedRows([someRow(3)], [someRow(3)]).map(pointName)).toEqual([
      "row 3, run compared with",
      "row 3",
    ]);
  });

  test("says which condition it is of, and what the prompt really asked for", () => {
    const prompted = "Eggs?\nHelpful reward: 0.31";
    const text = said({ ...someRow(0), condition: "in-range, shuffled", prompted });
    expect(text).toContain("in-range, shuffled, seed 1");
    expect(text).toContain(prompted);
  });
});
