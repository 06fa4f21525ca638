import { toast } from "./components/Toast";

/** Copies a text and says so, or what to do where the browser does not let the page; as those without TLS. */
export async function copy(
  text: string,
  done = "Copied.",
  otherwise = "The browser does not let the page copy. Select the text instead.",
): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast(otherwise);
  }
}
