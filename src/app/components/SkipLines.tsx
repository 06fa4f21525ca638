import type { Signal } from "@preact/signals";
import type { BadLine } from "../../domain/jsonLines";
import { count } from "../format";

interface ListedLine extends BadLine {
  /** What its file holds, where there is more than one. */
  readonly of?: string;
}

interface SkipLinesProps {
  /** Lines that cannot be read. */
  readonly bad: number;
  /** The first few of them, where they are not listed elsewhere. */
  readonly first?: readonly ListedLine[];
  readonly skip: Signal<boolean>;
}

/** Lines that cannot be read are left out only if the user says so. */
export function SkipLines({ bad, first = [], skip }: SkipLinesProps) {
  if (bad === 0) return null;
  return (
    <div class={skip.value ? "note stack" : "note note-bad stack"}>
      {first.length > 0 && (
        <ul class="small found">
          {first.map(({ of, line, problem }) => (
            <li key={`${of} ${line}`}>
              <strong>
                {of === undefined ? "Line" : `${of}, line`} {line}:
              </strong>{" "}
              {problem}
            </li>
          ))}
          {bad > first.length && <li class="soft">and {count(bad - first.length)} more</li>}
        </ul>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={skip.value}
          onChange={(event) => {
            skip.value = event.currentTarget.checked;
          }}
        />
        <span>
          Go on without the {bad === 1 ? "line" : `${count(bad)} lines`} that cannot be read. Or correct the
          file and open it again.
        </span>
      </label>
    </div>
  );
}
