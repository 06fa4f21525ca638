import type { Signal } from "@preact/signals";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { parseReward } from "../../domain/checkTarget";
import type { Axis } from "../../domain/reward";
import { attempt, problem } from "../fields";

export const AXIS_LABELS: Readonly<Record<Axis, string>> = { helpful: "Helpful", harmless: "Harmless" };

/** One reward to ask for: a slider and a number field over the same setting. */
export function Dial({ axis, setting }: { readonly axis: Axis; readonly setting: Signal<string> }) {
  const id = useId();
  const slider = useRef<HTMLInputElement>(null);
  const error = problem(() => parseReward(setting.value));
  const value = attempt(() => parseReward(setting.value));
  useLayoutEffect(() => {
    slider.current?.style.setProperty("--filled", `${(value ?? 0) * 100}%`);
  }, [value]);
  return (
    <div class="dial field">
      <div class="dial-head">
        <label class={`label ${axis}`} for={`${id}-number`}>
          {AXIS_LABELS[axis]}
        </label>
        <input
          id={`${id}-number`}
          class="dial-number"
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={setting.value}
          onInput={(event) => {
            setting.value = event.currentTarget.value;
          }}
          onBlur={() => {
            if (value !== null) setting.value = value.toFixed(2);
          }}
          aria-invalid={error !== null}
          aria-describedby={error ? `${id}-error` : undefined}
        />
      </div>
      <input
        ref={slider}
        class={axis}
        type="range"
        min="0"
        max="1"
        step="0.01"
        value={value ?? 0}
        onInput={(event) => {
          setting.value = Number(event.currentTarget.value).toFixed(2);
        }}
        aria-label={`${AXIS_LABELS[axis]} slider`}
      />
      {error && (
        <span class="field-error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
