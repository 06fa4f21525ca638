import { expect, test } from "vitest";
import { modelSlot } from "../../src/app/engine/modelSlot";
import { DialError } from "../../src/domain/errors";
import type { LoadProgress } from "../../src/runtimes/local/browser";

const HALF: LoadProgress = { step: "Reading", receivedBytes: 5, totalBytes: 10 };

/** A model whose loads end when the test says so. */
function slow() {
  const loads: {
    resolve: () => void;
    reject: (error: unknown) => void;
    signal: AbortSignal;
    cachedOnly: boolean;
  }[] = [];
  const closed: number[] = [];
  let settled = 0;
  const slot = modelSlot(
    ({ onProgress, signal, cachedOnly }) =>
      new Promise<{ name: number; close(): void }>((resolve, reject) => {
        const name = loads.length;
        onProgress(HALF);
        signal.addEventListener("abort", () => reject(new DialError("aborted", "stopped")));
        loads.push({
          resolve: () => resolve({ name, close: () => closed.push(name) }),
          reject,
          signal,
          cachedOnly,
        });
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

test("an early load is joined, and begun anew for who waits when it fails; stopped, they wait no more", async () => {
  const { slot, loads } = slow();
  const early = slot.preload();
  const asked = [slot.load(), slot.load()];
  loads[0]?.reject(new DialError("model-missing", "removed meanwhile"));
  await expect(early).rejects.toMatchObject({ code: "model-missing" });
  await Promise.resolve();
  loads[1]?.resolve();
  for (const model of await Promise.all(asked)) expect(model).toMatchObject({ name: 1 });
  expect(loads.map(({ cachedOnly }) => cachedOnly)).toEqual([true, false]);
  slot.close();
  const again = slot.preload();
  const stopped = slot.load();
  slot.close();
  await expect(again).rejects.toMatchObject({ code: "aborted" });
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  expect(slot.state.value).toEqual({ kind: "closed" });
});

test("an early load that failed is shown only where a file is damaged, and is not begun over a failure", async () => {
  const { slot, loads } = slow();
  const missing = slot.preload();
  loads[0]?.reject(new Error("no memory"));
  await expect(missing).rejects.toThrow("no memory");
  expect(slot.state.value).toEqual({ kind: "closed" });
  const error = new DialError("model-damaged", "damaged");
  const damaged = slot.preload();
  loads[1]?.reject(error);
  await expect(damaged).rejects.toBe(error);
  expect(slot.state.value).toEqual({ kind: "failed", error });
  await slot.preload();
  expect(loads).toHaveLength(2);
});

test("who loads right after a close begins anew, and what was given up changes nothing when it ends", async () => {
  const { slot, loads } = slow();
  const given = slot.load();
  slot.close();
  expect(slot.state.value).toEqual({ kind: "closed" });
  const wanted = slot.load();
  expect(wanted).not.toBe(given);
  await expect(given).rejects.toMatchObject({ code: "aborted" });
  expect(slot.state.value).toEqual({ kind: "loading", progress: HALF });
  loads[1]?.resolve();
  expect(await wanted).toMatchObject({ name: 1 });
  expect(slot.state.value).toMatchObject({ kind: "ready" });
});

test("a model that comes although its load was cancelled is ended", async () => {
  let arrive = (_: { close(): void }): void => {};
  const slot = modelSlot(
    () => new Promise<{ close(): void }>((resolve) => (arrive = resolve)),
    () => {},
  );
  const loading = slot.load();
  slot.close();
  let ended = false;
  arrive({ close: () => (ended = true) });
  await expect(loading).rejects.toMatchObject({ code: "aborted" });
  expect([ended, slot.state.value.kind]).toEqual([true, "closed"]);
});

test("close forgets a failure", async () => {
  const { slot, loads } = slow();
  const failing = slot.load();
  loads[0]?.reject(new DialError("invalid-option", "no such adapter"));
  await expect(failing).rejects.toThrow("no such adapter");
  slot.close();
  expect(slot.state.value).toEqual({ kind: "closed" });
});
