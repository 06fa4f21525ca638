import { DialError } from "../../domain/errors";
import { checkManifest } from "../../runtimes/local/manifest";
import type { OwnAdapter } from "../../runtimes/local/ownAdapter";
import { listAdapters } from "../../storage/adapters";
import { attempt } from "../fields";
import { manifest, needManifest, otherAdapters } from "../models/manifest";
import { policy as settings } from "../settings";

/** What makes the policy beside the base: an adapter of the user's, or a shipped one by name; neither for the default. */
export interface ChosenAdapter {
  readonly own?: OwnAdapter;
  readonly adapter?: string;
}

/**
 * The adapter that the settings name.
 * @throws DialError "invalid-option" where there is no such adapter, "storage-failed".
 */
export async function chosenAdapter(): Promise<ChosenAdapter> {
  const name = settings.adapter.peek();
  if (name === "") return {};
  let unread: unknown;
  const listed = await listAdapters().catch((error: unknown) => {
    unread = error;
    return [];
  });
  const own = listed.find((adapter) => adapter.name === name);
  if (own) return { own };
  await needManifest();
  if (otherAdapters.peek().some((adapter) => adapter.name === name)) return { adapter: name };
  if (unread !== undefined) throw unread;
  throw new DialError(
    "invalid-option",
    `there is no adapter ${JSON.stringify(name)}, neither of yours in this browser nor with this page; add its file on the Models page, or choose another in the run's settings`,
  );
}

/** Takes the policy that a run was begun with, so that its rows stay of one policy. @param name as the run has it. */
export async function takeAdapter(name: string): Promise<void> {
  await needManifest();
  settings.adapter.value = settingOf(name);
}

/** The setting that names a policy; the default one's once the manifest has been read. */
export function settingOf(name: string): string {
  const known = attempt(() => checkManifest(manifest.peek()));
  return name === known?.defaults.adapter ? "" : name;
}
