import { duration } from "../format";
import { GoOnButton } from "../runs/GoOnButton";
import { RunProgress } from "../runs/RunProgress";
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
    <RunProgress
      done={done}
      all={n}
      unit="pair"
      status={STATUS[current.kind]}
      pace={left === null ? null : `about ${duration(left / 1000)} left`}
      goOn={current.kind === "stopped" && done < n && <GoOnButton goOn={goOn} />}
    />
  );
}

const STATUS = {
  loading: "loading the judge",
  running: "scoring",
  stopped: "stopped",
  done: "done",
  failed: "interrupted",
} as const;
