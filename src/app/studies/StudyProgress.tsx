import { runnable } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import { engine } from "../engine/engine";
import { rate } from "../engine/rate";
import { RULES } from "../fields";
import { duration } from "../format";
import { runCost, runSeconds } from "../runs/estimate";
import { GoOnButton } from "../runs/GoOnButton";
import { MoreRows } from "../runs/MoreRows";
import { RunProgress } from "../runs/RunProgress";
import { useClock } from "../runs/useClock";
import { allRows, extend, goOn, type OpenStudy, rows, state } from "./studyRun";

/** How far the run of this tab is, and the way to go on with it. */
export function StudyProgress({ study, opened }: { readonly study: Study; readonly opened: OpenStudy }) {
  const { n } = opened.request;
  const all = allRows(opened.request);
  const done = rows.value.length;
  const current = state.value;
  const left = useSecondsLeft(study, opened);
  return (
    <RunProgress
      done={done}
      all={all}
      unit="row"
      status={statusText()}
      pace={left === null ? null : `about ${duration(left)} left`}
      goOn={
        (current.kind === "stopped" || (current.kind === "failed" && engine.shows(current.error))) &&
        done < all && <GoOnButton goOn={goOn} />
      }
    >
      {current.kind === "done" && (
        <MoreRows key={n} label="Rows a condition" n={n} rule={RULES.studyRows} extend={extend} />
      )}
    </RunProgress>
  );

  function statusText(): string {
    switch (current.kind) {
      case "loading":
        return `loading ${current.what}`;
      case "running":
        return `running: ${current.condition}`;
      case "stopped":
        return "stopped";
      case "done":
        return "done";
      case "failed":
        return "interrupted";
    }
  }
}

/** From the pace of this device, once a second; null while nothing runs or no pace is known. */
function useSecondsLeft(study: Study, { request }: OpenStudy): number | null {
  const running = state.value.kind === "running";
  useClock(running);
  const measured = rate.value;
  if (!running || !measured) return null;
  const done = new Map<string, number>();
  for (const { condition = "" } of rows.value) done.set(condition, (done.get(condition) ?? 0) + 1);
  const conditions = runnable(study, request.policies, request.ownTargets);
  const cost = runCost(conditions, request.n, done);
  return runSeconds(cost, request.sampling.maxTokens, measured.tokensPerSecond);
}
