import type { PlannedFile } from "../../runtimes/local/browser";

/** Bytes that are not on this device yet; a file that several models are loaded from counts once. */
export function missingBytes(files: readonly Pick<PlannedFile, "path" | "bytes" | "cached">[]): number {
  const missing = new Map(files.filter(({ cached }) => !cached).map(({ path, bytes }) => [path, bytes]));
  return [...missing.values()].reduce((sum, bytes) => sum + bytes, 0);
}
