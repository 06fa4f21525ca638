import { count } from "../format";
import { malformed, skipMalformed } from "./datasetFile";

/** Lines that cannot be read are left out only if the user says so. */
export function SkipMalformed() {
  const bad = malformed.value;
  if (bad === 0) return null;
  return (
    <label class={skipMalformed.value ? "note check" : "note note-bad check"}>
      <input
        type="checkbox"
        checked={skipMalformed.value}
        onChange={(event) => {
          skipMalformed.value = event.currentTarget.checked;
        }}
      />
      <span>
        Go on without the {bad === 1 ? "line" : `${count(bad)} lines`} that cannot be read. Or correct the
        file and open it again.
      </span>
    </label>
  );
}
