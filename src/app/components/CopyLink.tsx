import { copy } from "../clipboard";
import { toast } from "./Toast";

interface CopyLinkProps {
  /** What the link shows, said once it is copied. */
  readonly shows: string;
  /** The part of the address after the page's own, where it is not the present one. */
  readonly fragment?: () => string;
}

/** Copies an address that holds the settings, filters and open row of what is on the screen. */
export function CopyLink({ shows, fragment = () => location.hash }: CopyLinkProps) {
  const copyLink = (): void => {
    copy(new URL(fragment(), location.href).href).then(
      () => toast(`The link is copied. It shows ${shows}.`),
      () => toast("This browser gives no access to the clipboard. Copy the address of the page."),
    );
  };
  return (
    <button type="button" onClick={copyLink}>
      Copy link
    </button>
  );
}
