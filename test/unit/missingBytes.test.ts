import { expect, test } from "vitest";
import { missingBytes } from "../../src/app/engine/missingBytes";

test("a file that two models are loaded from is downloaded once, one that is here not at all", () => {
  const shared = { path: "base", bytes: 20, cached: false };
  const heads = { path: "heads", bytes: 3, cached: false };
  expect(missingBytes([shared, heads, shared, { path: "judge", bytes: 7, cached: true }])).toBe(23);
  expect(missingBytes([])).toBe(0);
});
