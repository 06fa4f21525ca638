import type { Signal } from "@preact/signals";

/** Closes what a point of a plot has opened. */
export function CloseButton({ active }: { readonly active: Signal<string> }) {
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        active.value = "";
      }}
    >
      Close
    </button>
  );
}
