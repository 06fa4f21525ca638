/** Hands a text to the browser as a file to save. */
export function download(name: string, type: string, text: string): void {
  downloadFile(name, new Blob([text], { type }));
}

/** Hands bytes to the browser as a file to save. */
export function downloadFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download starts after this task; the address must live until then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
