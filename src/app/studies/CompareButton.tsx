import { studies as settings } from "../settings";

/** Draws a run under the one that is shown. */
export function CompareButton({ id, name }: { readonly id: string; readonly name: string }) {
  const on = settings.over.value === id;
  return (
    <button
      type="button"
      class="quiet"
      aria-pressed={on}
      onClick={() => {
        settings.over.value = on ? "" : id;
      }}
    >
      {on ? "Compared" : "Compare"}
      <span class="visually-hidden"> with {name}</span>
    </button>
  );
}
