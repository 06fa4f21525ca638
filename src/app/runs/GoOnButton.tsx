import { engine } from "../engine/engine";
import { focusAbove } from "../focusAfter";

interface GoOnButtonProps {
  readonly goOn: () => Promise<unknown>;
  readonly label?: string;
}

/** Goes on with a run; gone as soon as that runs. */
export function GoOnButton({ goOn, label = "Go on" }: GoOnButtonProps) {
  return (
    <button
      type="button"
      disabled={engine.busy.value !== null}
      onClick={({ currentTarget }) => {
        focusAbove(currentTarget);
        void goOn();
      }}
    >
      {label}
    </button>
  );
}
