import { afterEach, describe, expect, it, vi } from "vitest";
import { localDevice } from "../../src/app/engine/device";
import { chooseDevice } from "../../src/runtimes/local/device";

function browserWhose(requestAdapter: () => Promise<unknown>): void {
  vi.stubGlobal("navigator", { gpu: { requestAdapter } });
  vi.stubGlobal("WebAssembly", { Suspending: class {} });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("chooseDevice", () => {
  it("takes a real GPU, and no software one", async () => {
    const info = { vendor: "acme", architecture: "nine", description: "", isFallbackAdapter: false };
    browserWhose(async () => ({ info }));
    expect(await chooseDevice("auto")).toEqual({ device: "webgpu", reason: "WebGPU on acme nine." });
    browserWhose(async () => ({ info: { ...info, architecture: "swiftshader" } }));
    expect(await chooseDevice("auto")).toMatchObject({ device: "wasm" });
  });

  it("goes to WASM, and says why, where looking for an adapter fails", async () => {
    browserWhose(() => Promise.reject(new Error("the GPU process is gone")));
    expect(await chooseDevice("auto")).toEqual({
      device: "wasm",
      reason: "WASM: WebGPU failed to look for an adapter (the GPU process is gone).",
    });
    await expect(chooseDevice("webgpu")).rejects.toMatchObject({
      name: "DialError",
      code: "device-unavailable",
      message: expect.stringContaining("the GPU process is gone"),
    });
  });
});

it("a study at an endpoint tells of its local policies what they will run on", async () => {
  const info = { vendor: "acme", architecture: "nine", description: "", isFallbackAdapter: false };
  browserWhose(async () => ({ info }));
  vi.stubGlobal("location", { search: "" });
  expect(await localDevice("remote")).toBe("webgpu");
  vi.stubGlobal("location", { search: "?device=wasm" });
  expect(await localDevice("remote")).toBe("wasm");
  // Started where WebGPU failed after all.
  expect(await localDevice("wasm")).toBe("wasm");
});
