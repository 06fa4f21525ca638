import { ErrorNote } from "../components/ErrorNote";
import { manifestError } from "./manifest";

/** Why the page does not know its models. @param read reads them once more. */
export function ManifestNote({ read }: { readonly read: () => void }) {
  if (manifestError.value === null) return null;
  return <ErrorNote error={manifestError.value} tryAgain={read} />;
}
