import { afterEach, describe, expect, it, vi } from "vitest";
import { Bridge } from "../../src/runtimes/bridge";
import type { TestingApi } from "./workers/testing.worker";

let bridge: Bridge<TestingApi> | undefined;
const QUICK = { ready: 1500, stop: 300 };

function open(name = "testing") {
  const start = vi.fn(
    () => new Worker(new URL("./workers/testing.worker.ts", import.meta.url), { type: "module", name }),
  );
  const prepare = vi.fn(async () => {});
  bridge = new Bridge<TestingApi>("the testing worker", start, prepare, QUICK);
  return { bridge, start, prepare };
}

afterEach(() => bridge?.close());

describe("Bridge", () => {
  it("prepares a worker once and calls it", async () => {
    const { bridge, start, prepare } = open();
    expect(
      await Promise.all([bridge.call((api) => api.double(21)), bridge.call((api) => api.double(4))]),
    ).toEqual([42, 8]);
    expect(start).toHaveBeenCalledTimes(1);
    expect(prepare).toHaveBeenCalledTimes(1);
  });

  it("brings errors across as what they are", async () => {
    const { bridge } = open();
    await expect(bridge.call((api) => api.refuse())).rejects.toMatchObject({
      name: "DialError",
      code: "invalid-target",
      message: "invalid target: 1.4; expected a number in [0, 1]",
      recoverable: false,
    });
    await expect(bridge.call((api) => api.fail())).rejects.toMatchObject({
      name: "RangeError",
      message: "an index is out of range",
    });
    expect(await bridge.call((api) => api.double(1))).toBe(2);
  });

  it("rejects all that waits when the worker dies, and the next call starts a new one", async () => {
    const { bridge, start, prepare } = open();
    const waiting = bridge.call((api) => api.wait());
    const crashing = bridge.call((api) => api.crash());
    const died = { name: "DialError", code: "worker-died", recoverable: true };
    await expect(waiting).rejects.toMatchObject(died);
    await expect(crashing).rejects.toMatchObject({ ...died, message: expect.stringContaining("boom") });
    expect(await bridge.call((api) => api.double(3))).toBe(6);
    expect(start).toHaveBeenCalledTimes(2);
    expect(prepare).toHaveBeenCalledTimes(2);
  });

  it("replaces a worker whose WASM trapped", async () => {
    const { bridge, start } = open();
    await expect(bridge.call((api) => api.trap())).rejects.toMatchObject({
      code: "worker-died",
      recoverable: true,
    });
    expect(await bridge.call((api) => api.double(3))).toBe(6);
    expect(start).toHaveBeenCalledTimes(2);
  });

  it.each([
    ["throws while it loads", "broken", "cannot start"],
    ["never says that it is ready", "silent", "did not start within 1.5 s"],
  ])("gives up a worker that %s", async (_, name, message) => {
    const { bridge } = open(name);
    await expect(bridge.call((api) => api.double(1))).rejects.toMatchObject({
      code: "worker-died",
      message: expect.stringContaining(message),
    });
  });

  it("asks the worker to stop, and keeps it when it does", async () => {
    const { bridge, start } = open();
    const stop = new AbortController();
    const waiting = bridge.call((api) => api.wait(), { signal: stop.signal, stop: (api) => api.stop() });
    await bridge.call((api) => api.double(1));
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted", message: "the worker stopped" });
    await new Promise((resolve) => setTimeout(resolve, 2 * QUICK.stop));
    expect(await bridge.call((api) => api.double(2))).toBe(4);
    expect(start).toHaveBeenCalledTimes(1);
  });

  it("ends a worker that does not stop", async () => {
    const { bridge, start } = open();
    const stop = new AbortController();
    const spinning = bridge.call((api) => api.spin(), { signal: stop.signal, stop: (api) => api.stop() });
    setTimeout(() => stop.abort(), 100);
    await expect(spinning).rejects.toMatchObject({ code: "aborted" });
    expect(await bridge.call((api) => api.double(2))).toBe(4);
    expect(start).toHaveBeenCalledTimes(2);
  });

  it("does not start for a call that was stopped before", async () => {
    const { bridge, start } = open();
    await expect(bridge.call((api) => api.double(1), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(start).not.toHaveBeenCalled();
  });

  it("cancels a start", async () => {
    const { bridge } = open("silent");
    const stop = new AbortController();
    const opening = bridge.open(stop.signal);
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: "aborted", recoverable: true });
  });

  it("stops a call that waits for a start of another's", async () => {
    const { bridge } = open("silent");
    const opening = bridge.open();
    const stop = new AbortController();
    const use = vi.fn(async () => 1);
    const waiting = bridge.call(use, { signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await expect(opening).rejects.toMatchObject({ code: "worker-died" });
    expect(use).not.toHaveBeenCalled();
  });

  it("rejects what waits when it is closed", async () => {
    const { bridge } = open();
    const waiting = bridge.call((api) => api.wait());
    await bridge.call((api) => api.double(1));
    bridge.close();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  });
});
