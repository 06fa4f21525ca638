import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { toast } from "../../src/app/components/Toast";
import { CompletionCard } from "../../src/app/play/CompletionCard";
import type { PlayRequest, SlotState } from "../../src/app/play/slots";
import { setTurns, turns } from "../../src/app/play/turns";
import { question } from "../../src/domain/dialogue";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { buttonOf } from "../support/buttonOf";
import { someRow } from "./fakes/row";

vi.mock("../../src/app/components/Toast", () => ({ toast: vi.fn() }));

const request: PlayRequest = {
  dialogue: question("Eggs?"),
  target: { helpful: 0.8, harmless: 0.8 },
  count: 1,
  seed: 0,
  bestOf: 1,
  sampling: DEFAULT_SAMPLING,
};

test("Continue takes a completion into the dialogue, and gives back what was there", () => {
  const state = signal<SlotState>({ kind: "done", row: someRow(0), finish: "stop" });
  const slot = { index: 0, text: signal("Boil them."), state };
  const card = CompletionCard({ slot, request, running: false, active: signal(null) });
  setTurns(["What I have typed since"]);
  buttonOf(card, "Continue from completion 1")?.onClick?.();
  expect(turns.value).toEqual(["Eggs?", "Boil them.", ""]);
  vi.mocked(toast).mock.lastCall?.[1]?.();
  expect(turns.value).toEqual(["What I have typed since"]);
});
