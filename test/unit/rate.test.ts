import { beforeEach, describe, expect, test, vi } from "vitest";
import { engine } from "../../src/app/engine/engine";
import { noteRate, rate } from "../../src/app/engine/rate";
import { measureRate, stopMeasuring } from "../../src/app/runs/measureRate";
import { fakeJudge, fakePolicy } from "./fakes/models";

/** Writes until it is stopped. */
function endlessPolicy() {
  return {
    async *sample(_: unknown, { signal }: { signal: AbortSignal }) {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  };
}

beforeEach(() => {
  rate.value = null;
});

describe("the pace of this device", () => {
  test("is tokens over seconds of the last run that was long enough to tell", () => {
    noteRate("wasm", 300, 2);
    expect(rate.value).toEqual({ device: "wasm", tokensPerSecond: 150 });
    noteRate("wasm", 300, 0.01);
    noteRate("wasm", 0, 10);
    expect(rate.value?.tokensPerSecond).toBe(150);
  });

  test("is measured by a few completions of the policy that is loaded", async () => {
    const policy = { ...fakePolicy(), device: "wasm" as const, deviceReason: "", models: {} };
    const judge = { ...fakeJudge() } as never;
    vi.spyOn(engine, "load").mockResolvedValue({ policy, judge });
    vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValue(4000);
    const told = vi.fn();
    await measureRate(told);
    expect(told).toHaveBeenCalledExactlyOnceWith({ kind: "done" });
    expect(policy.calls[0]).toHaveLength(16);
    expect(rate.value?.device).toBe("wasm");
    expect(rate.value?.tokensPerSecond).toBeGreaterThan(0);
    expect(engine.busy.value).toBeNull();
  });

  test("is not measured further once that is stopped, while the models load or write", async () => {
    for (const load of [
      new Promise<never>(() => {}),
      Promise.resolve({ policy: endlessPolicy() } as never),
    ]) {
      vi.spyOn(engine, "load").mockReturnValue(load);
      const told = vi.fn();
      const measured = measureRate(told);
      await new Promise((resolve) => setTimeout(resolve));
      expect(engine.busy.value).toBe("measure");
      stopMeasuring();
      await measured;
      expect(told).toHaveBeenCalledExactlyOnceWith({ kind: "stopped" });
      expect([rate.value, engine.busy.value]).toEqual([null, null]);
    }
  });
});
