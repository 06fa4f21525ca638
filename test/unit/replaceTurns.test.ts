import { beforeEach, expect, test, vi } from "vitest";
import { toast } from "../../src/app/components/Toast";
import { EXAMPLES } from "../../src/app/play/examples";
import { replaceTurns } from "../../src/app/play/replaceTurns";
import { setTurns, turns } from "../../src/app/play/turns";

vi.mock("../../src/app/components/Toast", () => ({ toast: vi.fn() }));
beforeEach(() => {
  vi.mocked(toast).mockClear();
});

test("gives back what was typed", () => {
  setTurns(["Eggs?", "Boil them.", "How long?"]);
  replaceTurns(["Bread?"], "Another took its place.");
  expect(turns.value).toEqual(["Bread?"]);
  expect(toast).toHaveBeenCalledWith("Another took its place.", expect.anything());
  vi.mocked(toast).mock.lastCall?.[1]?.();
  expect(turns.value).toEqual(["Eggs?", "Boil them.", "How long?"]);
});

test.each([
  ["nothing", [" "]],
  ["an example", EXAMPLES[0]?.prompts[0]?.turns ?? []],
])("says nothing where %s was there", (_, before) => {
  setTurns(before);
  replaceTurns(["Bread?"], "Another took its place.");
  expect(turns.value).toEqual(["Bread?"]);
  expect(toast).not.toHaveBeenCalled();
});
