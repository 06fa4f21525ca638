import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { manifest } from "../../src/app/models/manifest";
import { addAdapter, checked, checkName, given, newName } from "../../src/app/models/newAdapter";
import { adapterError, ownAdapters, removeAdapter } from "../../src/app/models/ownAdapters";
import { policy as settings } from "../../src/app/settings";
import type { OwnAdapter } from "../../src/runtimes/local/ownAdapter";
import { saveAdapter } from "../../src/storage/adapters";

const kept = new Map<string, OwnAdapter>();
vi.mock("../../src/storage/adapters", () => ({
  deleteAdapter: async (name: string) => void kept.delete(name),
  listAdapters: async () => [...kept.values()],
  saveAdapter: vi.fn(async (adapter: OwnAdapter) => void kept.set(adapter.name, adapter)),
}));

test.each([
  ["used again", true, "mine"],
  ["not used again under a run that goes on", false, ""],
])("an adapter that was deleted in use is brought back, and %s", async (_, mayUse, used) => {
  const adapter = { name: "mine" } as OwnAdapter;
  kept.set("mine", adapter);
  settings.adapter.value = "mine";
  const restore = await removeAdapter(adapter);
  expect([kept.size, settings.adapter.value]).toEqual([0, ""]);
  await restore(mayUse);
  expect([kept.get("mine"), settings.adapter.value]).toEqual([adapter, used]);
});

test("an adapter that cannot be brought back is told of", async () => {
  const adapter = { name: "mine" } as OwnAdapter;
  kept.set("mine", adapter);
  settings.adapter.value = "mine";
  const restore = await removeAdapter(adapter);
  const full = new Error("the disk is full");
  vi.mocked(saveAdapter).mockRejectedValueOnce(full);
  await restore(true);
  expect(adapterError.value).toBe(full);
  expect(settings.adapter.value).toBe("");
  adapterError.value = null;
});

test.each([
  ["main", "one that ships"],
  ["base", "the base's"],
  ["mine", "one added before"],
])("a new adapter cannot be named %s, %s", (name) => {
  manifest.value = JSON.parse(readFileSync("models/manifest.json", "utf8"));
  ownAdapters.value = [{ name: "mine" } as OwnAdapter];
  expect(() => checkName(name)).toThrow(`there is an adapter ${name} already`);
  expect(checkName(`${name}-2`)).toBe(`${name}-2`);
});

test("a new adapter does not take the place of one that another tab has added under its name", async () => {
  const theirs = { name: "my-lora" } as OwnAdapter;
  kept.set("my-lora", theirs);
  given.value = { weights: new File([], "adapter_model.safetensors"), config: null };
  checked.value = {} as never;
  newName.value = "my-lora";
  await addAdapter();
  expect(adapterError.value).toMatchObject({
    message: "there is an adapter my-lora already; take another name",
  });
  expect(kept.get("my-lora")).toBe(theirs);
});
