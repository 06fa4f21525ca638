/** The policy loads before Run is pressed where all that it takes is on this device: so the first token comes sooner. */

import { effect } from "@preact/signals";
import type { DownloadPlan } from "../../runtimes/local/browser";
import { engine } from "../engine/engine";
import { missingBytes } from "../engine/missingBytes";

/** Gigabytes of memory; a device with less is not to hold a model that may never be run. */
const LEAST_MEMORY = 4;

/** Begins as soon as that can be, from now on. @returns what ends that; a load that has begun goes on. */
export function preloadPolicy(): () => void {
  return effect(() => {
    const plan = engine.plan.value;
    if (plan.kind === "known" && isHere(plan.plan) && hasMemory()) engine.preloadPolicy();
  });
}

function isHere({ files, runtimeCached }: DownloadPlan): boolean {
  return runtimeCached && missingBytes(files.filter(({ model }) => model === "policy")) === 0;
}

/** Browsers that do not tell have enough. */
function hasMemory(): boolean {
  const { deviceMemory = LEAST_MEMORY } = navigator as Navigator & { readonly deviceMemory?: number };
  return deviceMemory >= LEAST_MEMORY;
}
