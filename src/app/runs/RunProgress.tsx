import type { ComponentChildren } from "preact";
import { plural } from "../format";

interface RunProgressProps {
  readonly done: number;
  readonly all: number;
  /** What is counted, one of it. */
  readonly unit: "row" | "pair";
  readonly status: string;
  /** How fast it goes and how long it takes yet; null while that is not known. */
  readonly pace: string | null;
  /** The button that goes on with it, where that can be done. */
  readonly goOn: ComponentChildren;
  /** What can be done with it when it is done. */
  readonly children?: ComponentChildren;
}

/** How far a run is, and the way to go on with it. */
export function RunProgress({ done, all, unit, status, pace, goOn, children }: RunProgressProps) {
  return (
    <div class="stack grow match-progress">
      <div class="line">
        <p>
          <strong>
            {done} of {plural(all, unit)}
          </strong>{" "}
          <span class="soft" role="status">
            {status}
          </span>{" "}
          {pace !== null && <span class="soft">{pace}</span>}
        </p>
        {goOn}
      </div>
      <progress max={all} value={done} aria-label={unit === "row" ? "Rows finished" : "Pairs finished"} />
      {children}
    </div>
  );
}
