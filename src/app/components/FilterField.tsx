import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

interface FilterFieldProps {
  readonly label: string;
  /** What is chosen, where an unset setting stands for something. */
  readonly value?: string;
  readonly setting: Signal<string>;
  readonly choices: readonly (readonly [value: string, text: string])[];
}

/** A choice of what is shown. */
export function FilterField({ label, setting, value = setting.value, choices }: FilterFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          setting.value = event.currentTarget.value;
        }}
      >
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
