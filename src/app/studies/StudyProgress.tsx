import { useEffect, useState } from "preact/hooks";
import { runnable } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import { engine } from "../engine/engine";
import { rate } from "../engine/rate";
import { duration, plural } from "../format";
import { studyCost, studySeconds } from "./estimate";
import { goOn, type OpenStudy, rows, state } from "./studyRun";

/** How far the run of this tab is, and the way to go on with it. */
export function StudyProgress({ study, opened }: { readonly study: Study; readonly opened: OpenStudy }) {
  const { n, policies, ownTargets } = opened.request;
  const all = n * runnable(study, policies, ownTargets).length;
  const done = rows.value.length;
  const current = state.value;
  const left = useSecondsLeft(study, opened);
  return (
    <div class="stack grow match-progress">
      <div class="line">
        <p>
          <strong>
            {done} of {plural(all, "row")}
          </strong>{" "}
          <span class="soft" role="status">
            {statusText()}
          </span>{" "}
          {left !== null && <span class="soft">about {duration(left)} left</span>}
        </p>
        {(current.kind === "stopped" || (current.kind === "failed" && engine.shows(current.error))) &&
          done < all && (
            <button type="button" disabled={engine.busy.value !== null} onClick={() => void goOn()}>
              Go on
            </button>
          )}
      </div>
      <progress max={all} value={done} aria-label="Rows finished" />
    </div>
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

const CLOCK_MS = 1000;

/** From the pace of this device, once a second; null while nothing runs or no pace is known. */
function useSecondsLeft(study: Study, { request }: OpenStudy): number | null {
  const [, tick] = useState(0);
  const running = state.value.kind === "running";
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => tick((count) => count + 1), CLOCK_MS);
    return () => clearInterval(timer);
  }, [running]);
  const measured = rate.value;
  if (!running || !measured) return null;
  const done = new Map<string, number>();
  for (const { condition = "" } of rows.value) done.set(condition, (done.get(condition) ?? 0) + 1);
  const conditions = runnable(study, request.policies, request.ownTargets);
  const cost = studyCost(conditions, request.n, done);
  return studySeconds(cost, request.sampling.maxTokens, measured.tokensPerSecond);
}
