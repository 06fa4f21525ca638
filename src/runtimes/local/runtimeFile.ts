/** The program that runs a policy, a file of this site for each device. */

import gpuUrl from "onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import type { Device } from "./device";

export const RUNTIME_URLS: Readonly<Record<Device, string>> = { webgpu: gpuUrl, wasm: wasmUrl };

/** Whether it is on this device: the service worker keeps it from its first use on, until the page has a new version. */
export async function runtimeCached(device: Device): Promise<boolean> {
  try {
    return (await caches.match(RUNTIME_URLS[device])) !== undefined;
  } catch {
    return false; // Without Cache Storage nothing is kept.
  }
}
