import { describeSetback } from "../../runtimes/openai/setback";
import { setback } from "./connection";

/** Beside the button that stops the work: that it waits to ask the endpoint again, and why. Else nothing. */
export function SetbackNote() {
  const found = setback.value;
  if (found === null) return null;
  return (
    <p class="note small" role="status">
      <strong>{describeSetback(found)}.</strong> It is asked again, each time after a longer wait; you need
      not wait for that.
    </p>
  );
}
