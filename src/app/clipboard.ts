/** @throws whatever the browser has against it; the clipboard is not there on pages without TLS. */
export async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
