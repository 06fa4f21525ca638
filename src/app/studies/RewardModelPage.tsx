import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { AXES } from "../../domain/reward";
import type { JudgeRecording } from "../../experiments/studies/judgeRecording";
import { REWARD_MODEL } from "../../experiments/studies/judgeStudies";
import { AXIS_LABELS } from "../components/Dial";
import { ErrorNote } from "../components/ErrorNote";
import { FileDrop } from "../components/FileDrop";
import { download } from "../download";
import { engine } from "../engine/engine";
import { bytes, plural } from "../format";
import { readManifest } from "../models/manifest";
import { JudgeFigures } from "./JudgeFigures";
import { clear, files, pairs, start, state, stop, summary } from "./judgeRun";
import { ScoreDialogue } from "./ScoreDialogue";
import { StaleNote } from "./StaleNote";
import { StudyIntroCard } from "./StudyIntroCard";

const RECORDING = import.meta.glob<JudgeRecording>("../../data/studies/reward-model.json", {
  import: "default",
});

/** How far the judge can be trusted: recorded figures, and one's own pairs. */
export function RewardModelPage() {
  const recorded = useSignal<JudgeRecording | null>(null);
  useEffect(() => {
    void readManifest();
    void engine.refreshPlan();
    void Object.values(RECORDING)[0]?.().then((found) => {
      recorded.value = found;
    });
  }, []);
  const own = summary.value;
  const shown = own ?? recorded.value?.summary ?? null;
  return (
    <div class="columns study-columns">
      <StudyIntroCard study={REWARD_MODEL} />
      <div class="column study-result">
        {shown === null ? (
          <p class="empty soft">No run was recorded for the judge that ships. Score pairs of your own.</p>
        ) : (
          <JudgeFigures
            summary={shown}
            title={own ? `Your pairs, ${plural(pairs.value.length, "pair")}` : "Recorded run"}
          >
            {own ? (
              <button
                type="button"
                onClick={() => {
                  const lines = pairs.value.map((pair) => `${JSON.stringify(pair)}\n`).join("");
                  download("judged-pairs.jsonl", "application/jsonl", lines);
                }}
              >
                JSON Lines
              </button>
            ) : (
              <button
                type="button"
                onClick={() =>
                  download("reward-model.json", "application/json", `${JSON.stringify(recorded.value)}\n`)
                }
              >
                JSON
              </button>
            )}
          </JudgeFigures>
        )}
        {!own && recorded.value && <StaleNote header={recorded.value.header} />}
      </div>
      <div class="column study-run">
        <PairsForm />
        <ScoreDialogue />
      </div>
    </div>
  );
}

function PairsForm() {
  const current = state.value;
  const busy = engine.busy.value;
  const plan = engine.plan.value;
  const judge = plan.kind === "known" ? plan.plan.files.filter(({ model }) => model === "judge") : [];
  const left = judge.reduce((sum, file) => sum + (file.cached ? 0 : file.bytes), 0);
  const none = AXES.every((axis) => files.value[axis] === undefined);
  return (
    <section class="card stack" aria-labelledby="pairs-title">
      <h2 id="pairs-title">Run it here</h2>
      <p class="small soft">
        Pairs as JSON Lines or CSV, gzipped or not: <code>prompt_dialogue</code>, <code>chosen</code>,{" "}
        <code>rejected</code>, or hh-rlhf as it is published. Only the judge is needed
        {left > 0 && `, ${bytes(left)} to download`}.
      </p>
      {AXES.map((axis) => (
        <FileDrop
          key={axis}
          label={`Pairs chosen as more ${axis}`}
          action="Load a file"
          accept=".jsonl,.ndjson,.json,.csv,.gz"
          onFiles={([file]) => {
            if (file) files.value = { ...files.value, [axis]: file };
          }}
        >
          <p class="small">
            <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
            <span class="soft">
              {files.value[axis]?.name ?? `pairs where people chose the more ${axis} reply`}
            </span>
          </p>
        </FileDrop>
      ))}
      {current.kind === "failed" && <ErrorNote error={current.error} />}
      <p class="small soft" role="status">
        {STATUS[current.kind]}
        {pairs.value.length > 0 && `, ${plural(pairs.value.length, "pair")}`}
      </p>
      {current.kind === "loading" || current.kind === "running" ? (
        <button type="button" class="primary" onClick={stop}>
          Stop
        </button>
      ) : (
        <button type="button" class="primary" disabled={busy !== null || none} onClick={() => void start()}>
          Score the pairs
        </button>
      )}
      {pairs.value.length > 0 && busy === null && (
        <button type="button" onClick={clear}>
          Show the recorded figures
        </button>
      )}
    </section>
  );
}

const STATUS = {
  idle: "Nothing scored yet",
  loading: "Loading the judge",
  running: "Scoring",
  stopped: "Stopped",
  done: "Done",
  failed: "Interrupted",
} as const;
