import type { Signal } from "@preact/signals";

interface CompareButtonProps {
  /** Id of the run that is drawn under the one shown. */
  readonly over: Signal<string>;
  readonly id: string;
  readonly name: string;
}

/** Draws a run under the one that is shown. */
export function CompareButton({ over, id, name }: CompareButtonProps) {
  const on = over.value === id;
  return (
    <button
      type="button"
      class="quiet"
      aria-pressed={on}
      onClick={() => {
        over.value = on ? "" : id;
      }}
    >
      {on ? "Compared" : "Compare"}
      <span class="visually-hidden"> with {name}</span>
    </button>
  );
}
