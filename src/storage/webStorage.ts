/** JSON in localStorage or sessionStorage. Either can be switched off, and then throws when it is but named. */

/** local: this browser's. session: this tab's. */
export type StorageKind = "local" | "session";

const storageOf = (kind: StorageKind): Storage => (kind === "local" ? localStorage : sessionStorage);

/** Null where nothing is kept, or nothing that can be read. */
export function readStored(kind: StorageKind, name: string): unknown {
  try {
    return JSON.parse(storageOf(kind).getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** Null takes away what was kept. Where storage is switched off, nothing is kept. */
export function writeStored(kind: StorageKind, name: string, value: unknown): void {
  try {
    if (value === null) storageOf(kind).removeItem(name);
    else storageOf(kind).setItem(name, JSON.stringify(value));
  } catch {
    // What was typed then holds until the page is left.
  }
}

/** Calls when another tab has changed what is kept in this browser under a name. @returns what ends that. */
export function watchStored(name: string, changed: () => void): () => void {
  const listen = ({ key }: StorageEvent): void => {
    // No key: all was cleared.
    if (key === name || key === null) changed();
  };
  addEventListener("storage", listen);
  return () => removeEventListener("storage", listen);
}
