import { expect, test, vi } from "vitest";
import { engine, type RunPolicy } from "../../src/app/engine/engine";
import { current, goOn, start, stop } from "../../src/app/play/playRun";
import { play } from "../../src/app/settings";
import { fakeJudge, fakePolicy } from "./fakes/models";

const policy = (name: string): RunPolicy => ({
  ...fakePolicy(),
  name,
  device: "remote",
  deviceReason: "a test",
  models: { [name]: "ab" },
});

vi.spyOn(engine, "load").mockImplementation(async () => ({
  policy: engine.remote.peek() as RunPolicy,
  judge: fakeJudge() as never,
}));
vi.spyOn(engine, "loadJudge").mockImplementation(async () => fakeJudge() as never);

test("completions are gone on with by the policy that began them, and by no other", async () => {
  engine.remote.value = policy("first");
  play.count.value = "3";
  const begun = start();
  stop();
  await begun;
  expect(current.value?.state.value).toEqual({ kind: "stopped" });
  // Nothing is there yet, so whichever policy is set may write.
  engine.remote.value = policy("another");
  await goOn();
  expect(current.value?.state.value).toEqual({ kind: "done" });

  engine.remote.value = policy("second");
  await goOn();
  expect(current.value?.state.value).toMatchObject({
    kind: "failed",
    error: { code: "invalid-option", message: expect.stringContaining("another policy wrote") },
  });
  engine.remote.value = policy("another");
  await goOn();
  expect(current.value?.state.value).toEqual({ kind: "done" });
});
