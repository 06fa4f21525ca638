import { afterEach, expect, test, vi } from "vitest";
import { PromptSourceField } from "../../src/app/match/PromptSourceField";
import { file, takeOwn } from "../../src/app/match/promptSource";
import { prompts as settings } from "../../src/app/settings";
import { saidBy } from "../support/saidBy";

vi.mock("preact/hooks", () => ({
  useId: () => "id",
  useRef: () => ({ current: null }),
  useState: (value: unknown) => [value, () => {}],
}));

afterEach(takeOwn);

test.each([
  ["", true],
  [" \n", true],
  ["Why is snow white?", false],
])("lines of a file that are no prompts are told where %j is typed: %s", (typed, told) => {
  const firstBad = [{ line: 2, problem: "not JSON" }];
  file.value = { file: new File([], "mine.jsonl"), survey: { count: 1, bad: 1, firstBad, sha256: "" } };
  settings.typed.value = typed;
  expect(saidBy(PromptSourceField()).includes("Line 2: not JSON")).toBe(told);
});
