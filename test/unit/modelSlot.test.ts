import { expect, test } from "vitest";
import { modelSlot } from "../../src/app/engine/modelSlot";
import { DialError } from "../../src/domain/errors";
import type { LoadProgress } from "../../src/runtimes/local/browser";

const HALF: LoadProgress = { step: "Reading", receivedBytes: 5, totalBytes: 10 };

/** A model whose loads end when the test says so. */
function slow() {
  const loads: { resolve: () => void; reject: (error: unknown) => void; signal: AbortSignal }[] = [];
  const closed: number[] = [];
  let settled = 0;
  const slot = modelSlot(
    ({ onProgress, signal }) =>
      new Promise<{ name: number; close(): void }>((resolve, reject) => {
        const name = loads.length;
        onProgress(HALF);
        signal.addEventListener("abort", () => reject(new DialError("aborted", "stopped")));
        loads.push({ resolve: () => resolve({ name, close: () => closed.push(name) }), reject, signal });
      }),
    () => settled++,
  );
  return { slot, loads, closed, settled: () => settled };
}

test("callers at the same time share a load, and find the model there later", async () => {
  const { slot, loads, settled } = slow();
  const first = slot.load();
  expect(slot.load()).toBe(first);
  expect(slot.state.value).toEqual({ kind: "loading", progress: HALF });
  loads[0]?.resolve();
  const model = await first;
  expect(await slot.load()).toBe(model);
  expect(slot.state.value).toEqual({ kind: "ready", model, progress: HALF });
  expect([loads.length, settled()]).toEqual([1, 1]);
});

test("a failed load is shown and the next one starts anew", async () => {
  const { slot, loads } = slow();
  const error = new DialError("model-damaged", "damaged");
  const first = slot.load();
  loads[0]?.reject(error);
  await expect(first).rejects.toBe(error);
  expect(slot.state.value).toEqual({ kind: "failed", error });
  const second = slot.load();
  loads[1]?.resolve();
  expect(await second).toMatchObject({ name: 1 });
});

test("close cancels a load without a failure, and ends a model that is there", async () => {
  const { slot, loads, closed } = slow();
  const cancelled = slot.load();
  slot.close();
  await expect(cancelled).rejects.toMatchObject({ code: "aborted" });
  expect(slot.state.value).toEqual({ kind: "closed" });
  const opened = slot.load();
  loads[1]?.resolve();
  await opened;
  slot.close();
  expect(closed).toEqual([1]);
  expect(slot.state.value).toEqual({ kind: "closed" });
});
