import { policyGraph, policyLayout, shippedPolicy } from "../../runtimes/local/loadPolicy";
import { policyEntry, policyFiles } from "../../runtimes/local/manifest";
import { fetchManifest, ModelLoad } from "../../runtimes/local/modelLoad";
import type { BenchDevice } from "./openedRuntime";

export const MODELS = "/models/";

/** The default policy as a page loads it for a device. */
export async function policyParts(device: BenchDevice) {
  const folder = new URL(MODELS, location.href).href;
  const manifest = await fetchManifest(folder);
  const kind = device === "wasm" ? "int8" : "nbits";
  const entry = policyEntry(manifest);
  const { read } = new ModelLoad(folder, policyFiles(manifest, entry.adapter, kind), () => {});
  const { readLora } = shippedPolicy(entry, read);
  return {
    format: entry.format,
    files: await policyGraph(manifest, readLora, kind, read),
    layout: await policyLayout(manifest, kind, read),
    tokenizer: new TextDecoder().decode(await read(manifest.policy.tokenizer.path)),
  };
}
