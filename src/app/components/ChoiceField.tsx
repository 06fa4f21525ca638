import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

interface ChoiceFieldProps<Choice extends string> {
  readonly label: string;
  readonly setting: Signal<string>;
  /** What each choice is called. */
  readonly choices: Readonly<Record<Choice, string>>;
  readonly hint?: string;
}

/** One of a few. */
export function ChoiceField<Choice extends string>({
  label,
  setting,
  choices,
  hint,
}: ChoiceFieldProps<Choice>) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <select
        id={id}
        value={setting.value}
        onChange={(event) => {
          setting.value = event.currentTarget.value;
        }}
        aria-describedby={hint ? `${id}-hint` : undefined}
      >
        {Object.entries<string>(choices).map(([choice, name]) => (
          <option key={choice} value={choice}>
            {name}
          </option>
        ))}
      </select>
      {hint && (
        <span class="small soft" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
