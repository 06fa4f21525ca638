import { engine } from "../engine/engine";
import { duration, plural } from "../format";
import { useClock } from "../runs/useClock";
import { goOn, open, pairs, state } from "./judgeRun";

/** How far the run of this browser is, and the way to go on with it. */
export function JudgeProgress() {
  const current = state.value;
  const now = useClock(current.kind === "running");
  const n = open.value?.request.n ?? 0;
  const done = pairs.value.length;
  const made = current.kind === "running" ? done - current.pairsBefore : 0;
  const left = current.kind === "running" && made > 0 ? ((n - done) * (now - current.since)) / made : null;
  return (
    <div class="stack grow match-progress">
      <div class="line">
        <p>
          <strong>
            {done} of {plural(n, "pair")}
          </strong>{" "}
          <span class="soft" role="status">
            {STATUS[current.kind]}
          </span>{" "}
          {left !== null && <span class="soft">about {duration(left / 1000)} left</span>}
        </p>
        {current.kind === "stopped" && done < n && (
          <button type="button" disabled={engine.busy.value !== null} onClick={() => void goOn()}>
            Go on
          </button>
        )}
      </div>
      <progress max={n} value={done} aria-label="Pairs finished" />
    </div>
  );
}

const STATUS = {
  loading: "loading the judge",
  running: "scoring",
  stopped: "stopped",
  done: "done",
  failed: "interrupted",
} as const;
