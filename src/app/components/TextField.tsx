import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { problem } from "../fields";
import { FieldNote, noteId } from "./FieldNote";

interface TextFieldProps {
  readonly label: string;
  readonly setting: Signal<string>;
  /** Throws a DialError that says what is wrong. */
  readonly check?: (text: string) => unknown;
  readonly hint?: string;
  readonly placeholder?: string;
  /** What may be typed, to choose from. */
  readonly choices?: readonly string[];
  /** Shown as dots. */
  readonly secret?: boolean;
  readonly disabled?: boolean;
}

/** A labelled text. What was typed stays, and what is wrong with it is said below once something was. */
export function TextField({
  label,
  setting,
  check,
  hint,
  placeholder,
  choices,
  secret = false,
  disabled = false,
}: TextFieldProps) {
  const id = useId();
  const error = check && setting.value !== "" ? problem(() => check(setting.value)) : null;
  const note = { id, error, hint };
  const attributes = {
    id,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: false,
    placeholder,
    disabled,
    value: setting.value,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => {
      setting.value = event.currentTarget.value;
    },
    "aria-invalid": error !== null,
    "aria-describedby": noteId(note),
  } as const;
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      {secret ? (
        <input {...attributes} type="password" />
      ) : choices ? (
        <input {...attributes} type="text" list={`${id}-choices`} />
      ) : (
        <input {...attributes} type="text" />
      )}
      {choices && (
        <datalist id={`${id}-choices`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
      <FieldNote {...note} />
    </div>
  );
}
