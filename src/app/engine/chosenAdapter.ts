import { DialError } from "../../domain/errors";
import type { OwnAdapter } from "../../runtimes/local/ownAdapter";
import { listAdapters } from "../../storage/adapters";
import { policy as settings } from "../settings";

/**
 * The user's adapter that the settings name; undefined where they name none.
 * @throws DialError "invalid-option" where this browser has no such adapter, "storage-failed".
 */
export async function chosenAdapter(): Promise<OwnAdapter | undefined> {
  const name = settings.adapter.peek();
  if (name === "") return undefined;
  const found = (await listAdapters()).find((adapter) => adapter.name === name);
  if (found) return found;
  throw new DialError(
    "invalid-option",
    `this browser has no adapter ${JSON.stringify(name)}; add its file on the Models page, or choose another in the run's settings`,
  );
}
