import type { Signal } from "@preact/signals";
import { newSeed, RULES } from "../fields";
import { NumberField } from "./NumberField";

/** The seed of a run, with a button for another one. */
export function SeedField({ setting }: { readonly setting: Signal<string> }) {
  return (
    <NumberField label="Seed" setting={setting} rule={RULES.seed}>
      <button
        type="button"
        title="Another seed"
        onClick={() => {
          setting.value = String(newSeed());
        }}
      >
        <span aria-hidden="true">↻</span>
        <span class="visually-hidden">Another seed</span>
      </button>
    </NumberField>
  );
}
