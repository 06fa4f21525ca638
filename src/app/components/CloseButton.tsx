import type { Signal } from "@preact/signals";
import { focusPlot } from "../plots/PointPlot";

/** Closes what a point of a plot has opened. */
export function CloseButton({ active }: { readonly active: Signal<string> }) {
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        // Before it is closed: a plot that gets the focus while no row is open opens its first.
        focusPlot();
        active.value = "";
      }}
    >
      Close
    </button>
  );
}
