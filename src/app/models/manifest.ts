/** models/manifest.json as this tab has read it: what the models are, before any is loaded. */

import { computed, signal } from "@preact/signals";
import { AXES, type Axis } from "../../domain/reward";
import type { PromptFormat } from "../../domain/rewardPrompt";
import type { ShippedAdapter } from "../../experiments/studies/study";
import { adapterEntry, checkManifest, shippedPolicies } from "../../runtimes/local/manifest";
import { modelFolder } from "../../runtimes/local/openOptions";
import { dropOtherFiles } from "../../storage/modelFiles";
import { attempt } from "../fields";
import { policy as settings } from "../settings";
import { manifestFiles } from "./manifestFiles";
import { ownAdapter } from "./ownAdapters";

/** As it stands in the file, with the figures and notes that the models do not need to run. */
export const manifest = signal<unknown>(null);
export const manifestError = signal<unknown>(null);

/** How most of the adapters were trained; shown until the manifest says how the chosen one was. */
const USUAL_FORMAT: PromptFormat = "bottom";

/** The adapters that ship beside the default one; none until the manifest has been read. */
export const otherAdapters = computed<readonly ShippedAdapter[]>(() => {
  const shipped = attempt(() => shippedPolicies(checkManifest(manifest.value)));
  return shipped?.adapters.filter(({ name }) => name !== shipped.main) ?? [];
});

/** The entry of the shipped adapter that runs use; null while they use the user's own, or the manifest is not there. */
const entry = computed(() => {
  if (ownAdapter.value) return null;
  const name = settings.adapter.value;
  return attempt(() => adapterEntry(checkManifest(manifest.value), name === "" ? undefined : name));
});

/** How rewards are written into the prompts of the policy that this page loads. */
export const promptFormat = computed(
  () => ownAdapter.value?.format ?? entry.value?.format ?? formatOf(manifest.value),
);

/** The rewards that this page's policy is asked for. */
export const policyAxes = computed<readonly Axis[]>(() => entry.value?.axes ?? AXES);

export function formatOf(value: unknown): PromptFormat {
  return attempt(() => adapterEntry(checkManifest(value)).format) ?? USUAL_FORMAT;
}

let reading: Promise<void> | null = null;

/** Reads it, or waits for a reading that is under way. An error of it is in manifestError. */
export function readManifest(): Promise<void> {
  reading ??= read().finally(() => {
    reading = null;
  });
  return reading;
}

/** Reads it where that has not been done. @throws what manifestError says, where it could not be read. */
export async function needManifest(): Promise<void> {
  if (manifest.peek() === null) await readManifest();
  if (manifest.peek() === null) throw manifestError.peek();
}

async function read(): Promise<void> {
  try {
    const response = await fetch(new URL("models/manifest.json", document.baseURI), { cache: "no-cache" });
    if (!response.ok) throw new Error(`models/manifest.json: HTTP ${response.status}`);
    manifest.value = await response.json();
    manifestError.value = null;
    dropUnnamed();
  } catch (error) {
    manifestError.value = error;
  }
}

/** Frees the space of model files that ship no more. */
function dropUnnamed(): void {
  // Offline, the manifest is the service worker's copy, which may be an older one.
  if (!navigator.onLine || attempt(() => checkManifest(manifest.peek())) === null) return;
  dropOtherFiles(modelFolder(), manifestFiles(manifest.peek())).catch(() => {}); // They only take space.
}
