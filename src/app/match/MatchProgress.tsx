import { engine } from "../engine/engine";
import { RULES } from "../fields";
import { duration, plural } from "../format";
import { MoreRows } from "../runs/MoreRows";
import { useClock } from "../runs/useClock";
import { extend, goOn, type OpenMatch, open, rows, state, tokens } from "./matchRun";

/** How far the open match is, and the way to go on with it. */
export function MatchProgress({ opened }: { readonly opened: OpenMatch }) {
  const { n } = opened.request;
  const done = rows.value.length;
  const current = state.value;
  const pace = usePace();
  return (
    <div class="stack grow match-progress">
      <div class="line">
        <p>
          <strong>
            {done} of {plural(n, "row")}
          </strong>{" "}
          <span class="soft" role="status">
            {STATUS[current.kind]}
          </span>{" "}
          {pace && (
            <span class="soft">
              {Math.round(pace.tokensPerSecond)} tokens/s
              {pace.secondsLeft !== null && `, about ${duration(pace.secondsLeft)} left`}
            </span>
          )}
        </p>
        {(current.kind === "stopped" || (current.kind === "failed" && engine.shows(current.error))) &&
          done < n && (
            <button type="button" onClick={() => void goOn()}>
              Go on
            </button>
          )}
      </div>
      <progress max={n} value={done} aria-label="Rows finished" />
      {current.kind === "done" && <MoreRows key={n} label="Rows" n={n} rule={RULES.n} extend={extend} />}
    </div>
  );
}

const STATUS = {
  loading: "loading the models",
  running: "running",
  stopped: "stopped",
  done: "done",
  failed: "interrupted",
} as const;

/** Rows that must have come before the time left is told. */
const ENOUGH = 3;

interface Pace {
  readonly tokensPerSecond: number;
  /** Until the run ends at its pace so far; null while too few rows have come to tell. */
  readonly secondsLeft: number | null;
}

/** How fast the run is, once a second; null while it does not run. */
function usePace(): Pace | null {
  const now = useClock(state.value.kind === "running");
  if (state.value.kind !== "running" || !open.value) return null;
  const { since, rowsBefore } = state.value;
  const made = rows.value.length - rowsBefore;
  const seconds = (now - since) / 1000;
  if (seconds <= 0) return null;
  const left = open.value.request.n - rows.value.length;
  return {
    // Read, not followed: a token is no reason to draw anew.
    tokensPerSecond: tokens.peek() / seconds,
    secondsLeft: made < ENOUGH ? null : (left * seconds) / made,
  };
}
