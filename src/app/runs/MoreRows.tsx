import { useSignal } from "@preact/signals";
import { NumberField } from "../components/NumberField";
import { engine } from "../engine/engine";
import { attempt, type NumberRule, readNumber } from "../fields";
import { focusAbove } from "../focusAfter";

interface MoreRowsProps {
  /** What is counted: "Rows". */
  readonly label: string;
  /** Rows that the run has now. */
  readonly n: number;
  readonly rule: NumberRule;
  readonly extend: (n: number) => Promise<void>;
}

/** A finished run goes on to more rows; those that it has stay as they are. */
export function MoreRows({ label, n, rule, extend }: MoreRowsProps) {
  const wanted = useSignal(String(Math.min(rule.max, 5 * n)));
  if (n >= rule.max) return null;
  const more = { ...rule, min: n + 1 };
  const value = attempt(() => readNumber(wanted.value, more));
  return (
    <details>
      <summary>Add rows</summary>
      <NumberField label={`${label} in all`} setting={wanted} rule={more} hint={`${n + 1} to ${rule.max}`}>
        <button
          type="button"
          disabled={value === null || engine.busy.value !== null}
          onClick={({ currentTarget }) => {
            if (value === null) return;
            focusAbove(currentTarget);
            void extend(value);
          }}
        >
          Go on to {value ?? "…"}
        </button>
      </NumberField>
    </details>
  );
}
