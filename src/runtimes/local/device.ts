/** Which device the policy runs on, and why. */

import { DialError } from "../../domain/errors";

export type Device = "webgpu" | "wasm";
export type DeviceChoice = Device | "auto";

export interface ChosenDevice {
  readonly device: Device;
  /** A sentence for the page. */
  readonly reason: string;
}

/**
 * "auto" takes WebGPU where it runs on a real GPU, else WASM.
 * @throws DialError "device-unavailable" where WebGPU is demanded and not there.
 */
export async function chooseDevice(choice: DeviceChoice): Promise<ChosenDevice> {
  if (choice === "wasm") return { device: "wasm", reason: "WASM, as asked for." };
  const gpu = await findGpu();
  if (choice === "webgpu") {
    if ("missing" in gpu) throw new DialError("device-unavailable", `WebGPU cannot be used: ${gpu.missing}`);
    return { device: "webgpu", reason: `WebGPU on ${gpu.name}, as asked for.` };
  }
  if ("missing" in gpu) return { device: "wasm", reason: `WASM: ${gpu.missing}` };
  if (gpu.software) {
    return {
      device: "wasm",
      reason: `WASM: the only WebGPU adapter is a software one (${gpu.name}), which is slower.`,
    };
  }
  return { device: "webgpu", reason: `WebGPU on ${gpu.name}.` };
}

async function findGpu(): Promise<
  { readonly missing: string } | { readonly name: string; readonly software: boolean }
> {
  if (!navigator.gpu) return { missing: "this browser has no WebGPU." };
  if (!("Suspending" in WebAssembly)) {
    return { missing: "this browser cannot suspend WebAssembly (JSPI), which our WebGPU build needs." };
  }
  let adapter: GPUAdapter | null;
  try {
    adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  } catch (error) {
    return { missing: `WebGPU failed to look for an adapter (${(error as Error).message}).` };
  }
  if (!adapter) return { missing: "WebGPU finds no adapter." };
  const { vendor, architecture, description } = adapter.info;
  const name =
    [vendor, architecture].filter((part) => part !== "").join(" ") || description || "an unnamed GPU";
  const software =
    adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|warp/i.test(`${name} ${description}`);
  return { name, software };
}
