import { DialError } from "./errors";

/**
 * In lower-case hexadecimal.
 * @throws DialError "storage-failed" in a browser whose page is neither on https nor on localhost.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  if (!globalThis.crypto?.subtle) {
    throw new DialError(
      "storage-failed",
      "this browser checks files on https and localhost only: open the page there",
    );
  }
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
