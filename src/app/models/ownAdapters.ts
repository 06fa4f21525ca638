/** The LoRA adapters that the user has added, and the one whose file has been dropped but not added yet. */

import { computed, signal } from "@preact/signals";
import { DialError } from "../../domain/errors";
import { PROMPT_FORMATS, type PromptFormat } from "../../domain/rewardPrompt";
import { ownAdapter as named, type OwnAdapter, type ReadAdapter } from "../../runtimes/local/ownAdapter";
import { deleteAdapter, listAdapters, saveAdapter } from "../../storage/adapters";
import { policy as settings } from "../settings";

/** Files of one adapter; the config may come after the weights. */
interface Given {
  readonly weights: File | null;
  readonly config: File | null;
}

const NOTHING: Given = { weights: null, config: null };
const NAME = /^[\w.-]{1,40}$/;

export const ownAdapters = signal<readonly OwnAdapter[]>([]);
/** The added adapter that runs use; undefined while they use the shipped one. */
export const ownAdapter = computed(() =>
  ownAdapters.value.find(({ name }) => name !== "" && name === settings.adapter.value),
);
export const given = signal<Given>(NOTHING);
/** What the given files say, once they have passed. */
export const checked = signal<ReadAdapter | null>(null);
export const newName = signal("");
export const newFormat = signal<string>(PROMPT_FORMATS[0]);
export const adapterError = signal<unknown>(null);

export async function refreshAdapters(): Promise<void> {
  try {
    ownAdapters.value = await listAdapters();
  } catch (error) {
    adapterError.value = error;
  }
}

/** Takes weights, or a config to go with them, and checks what there is. */
export async function giveFiles(files: readonly File[]): Promise<void> {
  const weights = files.find(({ name }) => !isConfig(name));
  const config = files.find(({ name }) => isConfig(name)) ?? null;
  given.value = weights ? { weights, config } : { ...given.peek(), config };
  checked.value = null;
  adapterError.value = null;
  const { weights: file } = given.peek();
  if (file === null) return;
  const asked = given.peek();
  try {
    const { readGivenAdapter } = await import("../../runtimes/local/givenAdapter");
    const found = await readGivenAdapter(file, asked.config);
    if (asked !== given.peek()) return;
    checked.value = found;
    newName.value = nameFor(file.name);
    newFormat.value = found.format ?? PROMPT_FORMATS[0];
  } catch (error) {
    if (asked === given.peek()) adapterError.value = error;
  }
}

export function dropFiles(): void {
  given.value = NOTHING;
  checked.value = null;
  adapterError.value = null;
}

/** @throws DialError "invalid-option" for a name that cannot be used. */
export function checkName(name: string): string {
  if (!NAME.test(name)) {
    throw new DialError(
      "invalid-option",
      `invalid name: ${JSON.stringify(name)}; expected 1 to 40 letters, digits, dots, hyphens or underscores`,
    );
  }
  if (ownAdapters.value.some((adapter) => adapter.name === name)) {
    throw new DialError("invalid-option", `there is an adapter ${name} already; take another name`);
  }
  return name;
}

/** Keeps the checked adapter under its name, and lets runs use it. */
export async function addAdapter(): Promise<void> {
  const found = checked.peek();
  const { weights } = given.peek();
  if (!found || !weights) return;
  try {
    const name = checkName(newName.peek().trim());
    await saveAdapter(named(found, weights, name, newFormat.peek() as PromptFormat));
    dropFiles();
    await refreshAdapters();
    settings.adapter.value = name;
  } catch (error) {
    adapterError.value = error;
  }
}

/** @returns what brings it back, and lets runs use it again if they did and `mayUse`. */
export async function removeAdapter(adapter: OwnAdapter): Promise<(mayUse: boolean) => Promise<void>> {
  await deleteAdapter(adapter.name);
  const used = settings.adapter.peek() === adapter.name;
  if (used) settings.adapter.value = "";
  await refreshAdapters();
  return async (mayUse) => {
    await saveAdapter(adapter);
    await refreshAdapters();
    if (used && mayUse) settings.adapter.value = adapter.name;
  };
}

function isConfig(name: string): boolean {
  return /\.json$/i.test(name);
}

/** PEFT gives every file the same name, which then tells nothing. */
function nameFor(file: string): string {
  const stem = file.replace(/\.safetensors$/i, "").replace(/[^\w.-]+/g, "-");
  const wanted = stem === "adapter_model" || stem === "" ? "my-lora" : stem.slice(0, 36);
  const taken = new Set(ownAdapters.peek().map(({ name }) => name));
  let name = wanted;
  for (let k = 2; taken.has(name); k++) name = `${wanted}-${k}`;
  return name;
}
