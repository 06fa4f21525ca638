/** The LoRA adapters that the user has added. */

import { computed, signal } from "@preact/signals";
import type { OwnAdapter } from "../../runtimes/local/ownAdapter";
import { deleteAdapter, listAdapters, saveAdapter } from "../../storage/adapters";
import { policy as settings } from "../settings";

export const ownAdapters = signal<readonly OwnAdapter[]>([]);
/** The added adapter that runs use; undefined while they use the shipped one. */
export const ownAdapter = computed(() =>
  ownAdapters.value.find(({ name }) => name !== "" && name === settings.adapter.value),
);
export const adapterError = signal<unknown>(null);

export async function refreshAdapters(): Promise<void> {
  try {
    ownAdapters.value = await listAdapters();
  } catch (error) {
    adapterError.value = error;
  }
}

/** @returns what brings it back, and lets runs use it again if they did and `mayUse`; `adapterError` tells where that fails. */
export async function removeAdapter(adapter: OwnAdapter): Promise<(mayUse: boolean) => Promise<void>> {
  await deleteAdapter(adapter.name);
  const used = settings.adapter.peek() === adapter.name;
  if (used) settings.adapter.value = "";
  await refreshAdapters();
  return async (mayUse) => {
    try {
      await saveAdapter(adapter);
    } catch (error) {
      adapterError.value = error;
      return;
    }
    await refreshAdapters();
    if (used && mayUse) settings.adapter.value = adapter.name;
  };
}
