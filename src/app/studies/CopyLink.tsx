import { copy } from "../clipboard";
import { toast } from "../components/Toast";

/** Copies the address, which holds the study with its settings, filters and open row. */
export function CopyLink() {
  return (
    <button type="button" onClick={copyLink}>
      Copy link
    </button>
  );
}

function copyLink(): void {
  copy(location.href).then(
    () => toast("The link is copied. It shows this study with these settings and filters."),
    () => toast("This browser gives no access to the clipboard. Copy the address of the page."),
  );
}
