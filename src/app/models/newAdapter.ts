/** The LoRA adapter whose files have been given but that has not been added yet. */

import { signal } from "@preact/signals";
import { DialError } from "../../domain/errors";
import { PROMPT_FORMATS, type PromptFormat } from "../../domain/rewardPrompt";
import { BASE_POLICY, checkManifest, shippedPolicies } from "../../runtimes/local/manifest";
import { ownAdapter as named, type ReadAdapter } from "../../runtimes/local/ownAdapter";
import { saveAdapter } from "../../storage/adapters";
import { attempt } from "../fields";
import { policy as settings } from "../settings";
import { manifest } from "./manifest";
import { adapterError, ownAdapters, refreshAdapters } from "./ownAdapters";

/** Files of one adapter; the config may come after the weights. */
interface Given {
  readonly weights: File | null;
  readonly config: File | null;
}

const NOTHING: Given = { weights: null, config: null };
const NAME = /^[\w.-]{1,40}$/;

export const given = signal<Given>(NOTHING);
/** What the given files say, once they have passed. */
export const checked = signal<ReadAdapter | null>(null);
export const newName = signal("");
export const newFormat = signal<string>(PROMPT_FORMATS[0]);

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
  if (takenNames().has(name)) {
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
    await refreshAdapters(); // Another tab may have taken the name.
    const name = checkName(newName.peek().trim());
    await saveAdapter(named(found, weights, name, newFormat.peek() as PromptFormat));
    dropFiles();
    await refreshAdapters();
    settings.adapter.value = name;
  } catch (error) {
    adapterError.value = error;
  }
}

function isConfig(name: string): boolean {
  return /\.json$/i.test(name);
}

/** PEFT gives every file the same name, which then tells nothing. */
function nameFor(file: string): string {
  const stem = file.replace(/\.safetensors$/i, "").replace(/[^\w.-]+/g, "-");
  const wanted = stem === "adapter_model" || stem === "" ? "my-lora" : stem.slice(0, 36);
  const taken = takenNames();
  let name = wanted;
  for (let k = 2; taken.has(name); k++) name = `${wanted}-${k}`;
  return name;
}

/** Of the user's adapters and of all that ship: runs and links tell policies by their names. */
function takenNames(): ReadonlySet<string> {
  const shipped = attempt(() => shippedPolicies(checkManifest(manifest.value)))?.adapters ?? [];
  return new Set([BASE_POLICY, ...[...shipped, ...ownAdapters.value].map(({ name }) => name)]);
}
