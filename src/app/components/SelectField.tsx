import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

interface SelectFieldProps {
  readonly label: string;
  readonly setting: Signal<string>;
  /** What each choice is, shown below the field. */
  readonly choices: Readonly<Record<string, string>>;
  /** What a choice is called where its own name would not do. */
  readonly names?: Readonly<Record<string, string>>;
  readonly disabled?: boolean;
}

/** A choice of a few. One that the address names and that does not exist stays, and is said to be wrong. */
export function SelectField({ label, setting, choices, names = {}, disabled = false }: SelectFieldProps) {
  const id = useId();
  const about = Object.hasOwn(choices, setting.value) ? choices[setting.value] : undefined;
  return (
    <div class="field wide">
      <label class="label" for={id}>
        {label}
      </label>
      <select
        id={id}
        value={setting.value}
        disabled={disabled}
        onChange={(event) => {
          setting.value = event.currentTarget.value;
        }}
        aria-invalid={about === undefined}
        aria-describedby={`${id}-about`}
      >
        {about === undefined && <option value={setting.value}>{setting.value}</option>}
        {Object.keys(choices).map((name) => (
          <option key={name} value={name}>
            {names[name] ?? name}
          </option>
        ))}
      </select>
      <span id={`${id}-about`} class={about === undefined ? "field-error" : "small soft"}>
        {about ?? "There is no such choice; take another."}
      </span>
    </div>
  );
}
