import { engine } from "../engine/engine";
import { RULES } from "../fields";
import { duration } from "../format";
import { GoOnButton } from "../runs/GoOnButton";
import { MoreRows } from "../runs/MoreRows";
import { RunProgress } from "../runs/RunProgress";
import { useClock } from "../runs/useClock";
import { extend, goOn, type OpenMatch, open, rows, state, tokens } from "./matchRun";

/** How far the open match is, and the way to go on with it. */
export function MatchProgress({ opened }: { readonly opened: OpenMatch }) {
  const { n } = opened.request;
  const done = rows.value.length;
  const current = state.value;
  const pace = usePace();
  return (
    <RunProgress
      done={done}
      all={n}
      unit="row"
      status={STATUS[current.kind]}
      pace={pace && paceText(pace)}
      goOn={
        (current.kind === "stopped" || (current.kind === "failed" && engine.shows(current.error))) &&
        done < n && <GoOnButton goOn={goOn} />
      }
    >
      {current.kind === "done" && <MoreRows key={n} label="Rows" n={n} rule={RULES.n} extend={extend} />}
    </RunProgress>
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

function paceText({ tokensPerSecond, secondsLeft }: Pace): string {
  const speed = `${Math.round(tokensPerSecond)} tokens/s`;
  return secondsLeft === null ? speed : `${speed}, about ${duration(secondsLeft)} left`;
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
