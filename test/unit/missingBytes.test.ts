import { expect, test } from "vitest";
import { downloadText } from "../../src/app/engine/downloadText";
import type { PlanState } from "../../src/app/engine/engine";
import { missingBytes } from "../../src/app/engine/missingBytes";

test("a file that two models are loaded from is downloaded once, one that is here not at all", () => {
  const shared = { path: "base", bytes: 20, cached: false };
  const heads = { path: "heads", bytes: 3, cached: false };
  expect(missingBytes([shared, heads, shared, { path: "judge", bytes: 7, cached: true }])).toBe(23);
  expect(missingBytes([])).toBe(0);
});

test("what there is to download is told only once it is known", () => {
  const all = () => true;
  expect(downloadText({ kind: "unknown" }, all, 7)).toBe("");
  expect(downloadText({ kind: "failed", error: new Error("offline") }, all)).toBe("");
  const files = [
    { path: "base", bytes: 20, cached: false, model: "policy" },
    { path: "heads", bytes: 3, cached: true, model: "judge" },
  ];
  const known = { kind: "known", plan: { files } } as unknown as PlanState;
  expect(downloadText(known, all, 7)).toBe("27 B to download. ");
  expect(downloadText(known, ({ model }) => model !== "policy")).toBe("Nothing to download. ");
});
