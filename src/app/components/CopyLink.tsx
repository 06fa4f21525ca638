import { copy } from "../clipboard";

interface CopyLinkProps {
  /** What the link shows, said once it is copied. */
  readonly shows: string;
  /** The part of the address after the page's own, where it is not the present one. */
  readonly fragment?: () => string;
}

/** Copies an address that holds the settings, filters and open row of what is on the screen. */
export function CopyLink({ shows, fragment = () => location.hash }: CopyLinkProps) {
  const copyLink = (): Promise<void> =>
    copy(
      new URL(fragment(), location.href).href,
      `The link is copied. It shows ${shows}.`,
      "The browser does not let the page copy. Copy the address of the page.",
    );
  return (
    <button type="button" onClick={() => void copyLink()}>
      Copy link
    </button>
  );
}
