import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { type NumberRule, problem, readNumber } from "../fields";
import { FieldNote, noteId } from "./FieldNote";

interface NumberFieldProps {
  readonly label: string;
  readonly setting: Signal<string>;
  readonly rule: NumberRule;
  readonly hint?: string;
  readonly disabled?: boolean;
  /** A button beside the input. */
  readonly children?: ComponentChildren;
}

/** A labelled number. What was typed stays, and what is wrong with it is said below. */
export function NumberField({ label, setting, rule, hint, disabled = false, children }: NumberFieldProps) {
  const id = useId();
  const error = problem(() => readNumber(setting.value, rule));
  const note = { id, error, hint };
  const input = (
    <input
      id={id}
      type="text"
      inputMode={rule.integer ? "numeric" : "decimal"}
      autocomplete="off"
      spellcheck={false}
      disabled={disabled}
      value={setting.value}
      onInput={(event) => {
        setting.value = event.currentTarget.value;
      }}
      onKeyDown={(event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        setting.value = stepped(setting.value, rule, event.key === "ArrowUp" ? 1 : -1);
      }}
      aria-invalid={error !== null}
      aria-describedby={noteId(note)}
    />
  );
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      {children ? (
        <div class="with-button">
          {input}
          {children}
        </div>
      ) : (
        input
      )}
      <FieldNote {...note} />
    </div>
  );
}

function stepped(text: string, { min, max, integer }: NumberRule, direction: 1 | -1): string {
  const value = Number(text);
  if (Number.isNaN(value)) return text;
  const next = Math.min(max, Math.max(min, value + direction * (integer ? 1 : 0.05)));
  return integer ? String(Math.round(next)) : String(Number(next.toFixed(2)));
}
